/** The little of a Map that the memory store needs, so that a transaction can lay its changes over what is committed. */
export interface Table<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  delete(key: K): void;
  values(): Iterable<V>;
}

/** Changes laid over a base map; the base is untouched until `apply`. */
export class OverlayTable<K, V> implements Table<K, V> {
  readonly #base: Map<K, V>;
  readonly #changed = new Map<K, V | undefined>();

  constructor(base: Map<K, V>) {
    this.#base = base;
  }

  get(key: K): V | undefined {
    return this.#changed.has(key) ? this.#changed.get(key) : this.#base.get(key);
  }

  set(key: K, value: V): void {
    this.#changed.set(key, value);
  }

  delete(key: K): void {
    this.#changed.set(key, undefined);
  }

  *values(): Iterable<V> {
    for (const [key, value] of this.#base) if (!this.#changed.has(key)) yield value;
    for (const value of this.#changed.values()) if (value !== undefined) yield value;
  }

  /** Makes the changes part of the base. */
  apply(): void {
    for (const [key, value] of this.#changed) {
      if (value === undefined) this.#base.delete(key);
      else this.#base.set(key, value);
    }
    this.#changed.clear();
  }
}
