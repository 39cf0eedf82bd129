/** Answers "does the source yield this?" for many values by going through the source once, and only as far as needed. */
export interface SeenSoFar<T> {
  has(value: T): boolean;
}

export function seenSoFar<T>(source: Iterable<T>): SeenSoFar<T> {
  const seen = new Set<T>();
  const rest = source[Symbol.iterator]();
  return {
    has(value) {
      while (!seen.has(value)) {
        const next = rest.next();
        if (next.done === true) return false;
        seen.add(next.value);
      }
      return true;
    },
  };
}
