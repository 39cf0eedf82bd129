import type { Log } from './log.ts';

/** What `causeway log debug` switches: lines that are written whatever `log.level` is, as long as their category is on. */
export const DEBUG_CATEGORIES = [
  'activesync',
  'webdav',
  'authentication',
  'store',
  'push',
  'decoding',
  'quota',
] as const;

export type DebugCategory = (typeof DEBUG_CATEGORIES)[number];

export function isDebugCategory(text: unknown): text is DebugCategory {
  return (DEBUG_CATEGORIES as readonly unknown[]).includes(text);
}

/** Which categories are on; changed while the server runs. */
export class DebugSwitches {
  readonly #on = new Set<DebugCategory>();

  isOn(category: DebugCategory): boolean {
    return this.#on.has(category);
  }

  /** Those that are on, in the order of the list. */
  get on(): readonly DebugCategory[] {
    return DEBUG_CATEGORIES.filter((category) => this.#on.has(category));
  }

  /** Puts those given on and all others off; what is no category is passed over. */
  set(categories: readonly unknown[]): void {
    this.#on.clear();
    for (const category of categories) if (isDebugCategory(category)) this.#on.add(category);
  }
}

/** A debug line of a category; `fields` is only called while the category is on. */
export type DebugLine = (
  category: DebugCategory,
  fields: () => Readonly<Record<string, unknown>>,
  message: string,
) => void;

export const NO_DEBUG: DebugLine = () => undefined;

/** Writes the lines of the categories that are on. */
export function debugLines(log: Log, switches: DebugSwitches): DebugLine {
  return (category, fields, message) => {
    if (switches.isOn(category)) log.debug({ category, ...fields() }, message);
  };
}
