import type { SyncAnswer, SyncTarget } from './request.ts';
import type { Sized } from './translator.ts';

interface Kept<R> {
  readonly fingerprint: string;
  readonly answer: SyncAnswer<R>;
  served: number;
}

/**
 * The last answer of each partnership, while there is room for it: a request that comes again byte by byte gets the
 * same answer with the same key. In memory only: without it the answer is computed again, to the same effect.
 */
export class AnswerCache<R extends Sized> {
  readonly #kept = new Map<string, Kept<R>>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes = 8 * 1024 * 1024) {
    this.#maxBytes = maxBytes;
  }

  /** The answer that the current key came with, when this very request made it. Counted as served. */
  take(target: SyncTarget, currentKey: string, fingerprint: string): SyncAnswer<R> | null {
    const kept = this.#kept.get(nameOf(target));
    if (kept === undefined || kept.answer.key !== currentKey || kept.fingerprint !== fingerprint) return null;
    kept.served += 1;
    return kept.answer;
  }

  /** How often the answer with this key was served again. */
  served(target: SyncTarget, currentKey: string): number {
    const kept = this.#kept.get(nameOf(target));
    return kept?.answer.key === currentKey ? kept.served : 0;
  }

  keep(target: SyncTarget, fingerprint: string | null, answer: SyncAnswer<R>): void {
    this.#drop(nameOf(target));
    if (fingerprint === null || sizeOf(answer) > this.#maxBytes / 8) return;
    this.#kept.set(nameOf(target), { fingerprint, answer, served: 0 });
    this.#bytes += sizeOf(answer);
    // A Map keeps the order of insertion: the first name is the oldest.
    for (const name of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(name);
    }
  }

  clear(): void {
    this.#kept.clear();
    this.#bytes = 0;
  }

  #drop(name: string): void {
    const kept = this.#kept.get(name);
    if (kept === undefined) return;
    this.#bytes -= sizeOf(kept.answer);
    this.#kept.delete(name);
  }
}

function nameOf({ mailboxId, folderId, device }: SyncTarget): string {
  return `${mailboxId}/${folderId}/${device}`;
}

/** What an answer costs here: its items, and something for each command. */
function sizeOf(answer: SyncAnswer<Sized>): number {
  let size = 512 + 128 * (answer.commands.length + answer.outcomes.length);
  for (const command of answer.commands) size += 'rendered' in command ? command.rendered.size : 0;
  return size;
}
