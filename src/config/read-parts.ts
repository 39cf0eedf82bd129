/** Readers of what administrators write: each names its mistakes in `problems` and goes on, so that all are told at once. */

/** An object, else an empty one. */
export function recordOf(value: unknown, name: string, problems: string[]): Record<string, unknown> {
  if (isRecord(value)) return value;
  problems.push(`${name} is no object`);
  return {};
}

/** Names every part of an object that is none. */
export function unknownParts(value: object, parts: readonly string[], name: string, problems: string[]): void {
  for (const key of Object.keys(value)) if (!parts.includes(key)) problems.push(`"${key}" is no part of ${name}`);
}

/** An object that is no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
