/** What a server makes up and clients only hand back: etag, sync-token, ctag, and each protocol's own kinds. */
export type OpaqueKind = string;

/**
 * Which actual ETag or token stands for which recorded one. Two are the same in the replay exactly where they were the
 * same in the capture: within one resource the assignment is one to one.
 */
export class OpaqueValues {
  readonly #actual = new Map<string, string>();
  readonly #recorded = new Map<string, string>();

  /** Notes that `actual` came where `recorded` had come for the resource at `path`. Null, or why that cannot be. */
  pair(kind: OpaqueKind, path: string, recorded: string, actual: string): string | null {
    const known = this.#actual.get(key(kind, path, recorded));
    const before = this.#recorded.get(key(kind, path, actual));
    this.#actual.set(key(kind, path, recorded), actual);
    this.#recorded.set(key(kind, path, actual), recorded);
    if (known !== undefined && known !== actual) return `${kind} of ${path} changed: it was ${known}, now ${actual}`;
    if (before !== undefined && before !== recorded) return `${kind} of ${path} should have changed, still ${actual}`;
    return null;
  }

  /** The actual value to send where the client sent `recorded`; one that the server never gave stays as it is. */
  actual(kind: OpaqueKind, path: string, recorded: string): string {
    return this.#actual.get(key(kind, path, recorded)) ?? recorded;
  }
}

function key(kind: OpaqueKind, path: string, value: string): string {
  return `${kind} ${path} ${value}`;
}

/** The path of values that mean the same wherever they stand. */
export const ANYWHERE = '';
