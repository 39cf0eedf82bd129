/**
 * A setting's value as it is handed out, from its JSON. Readers get the same object until it is set anew, so that they can keep
 * what they made of it; nobody may change it.
 */
export function keptSetting(json: string): unknown {
  return frozen(JSON.parse(json));
}

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
