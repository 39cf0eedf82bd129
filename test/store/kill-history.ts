import { type Random, seededRandom } from '../support/random.ts';

/** Items by 'folder/name' → the token from which the content is made. */
export type Picture = ReadonlyMap<string, string>;

/** One write of one worker: all of it is there afterwards, or nothing. */
export interface Operation {
  readonly worker: number;
  /** Values to set (a token) or to remove (null), by 'folder/name'. */
  readonly set: readonly (readonly [key: string, token: string | null])[];
  /** Items to move, from key to key; the target is free. */
  readonly move: readonly (readonly [from: string, to: string])[];
  /** The work throws at its end: nothing of it may ever be seen. */
  readonly fails: boolean;
}

export type Line =
  | { readonly kind: 'try'; readonly operation: Operation }
  | { readonly kind: 'done'; readonly worker: number; readonly head: number }
  | { readonly kind: 'refused'; readonly worker: number };

export const FOLDERS = ['one', 'two'] as const;
export const WORKERS = 5;
const NAMES = 8;

/** The bytes a token stands for: from none at all to several chunks, different in every chunk. */
export function contentOf(token: string): Buffer {
  const sizes = [0, 40, 500, 3_000, 70_000, 140_000];
  const size = sizes[Number(token.split('-').at(-1)) % sizes.length]!;
  const random = seededRandom([...token].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) | 0, 7));
  const line = Buffer.from(`${token} ${random.next()}\n`);
  return Buffer.alloc(size, size === 0 ? undefined : line);
}

export function workerOf(key: string): number {
  return Number(/\/w(\d+)-/.exec(key)?.[1]);
}

/** The picture after an operation that succeeded. */
export function applied(picture: Picture, { set, move }: Operation): Picture {
  const next = new Map(picture);
  for (const [key, token] of set) {
    if (token === null) next.delete(key);
    else next.set(key, token);
  }
  for (const [from, to] of move) {
    next.set(to, next.get(from)!);
    next.delete(from);
  }
  return next;
}

/** A random operation of one worker, which makes sense given what is there. */
export function randomOperation(worker: number, picture: Picture, token: () => string, random: Random): Operation {
  const anyKey = (): string => `${random.pick(FOLDERS)}/w${worker}-${random.below(NAMES)}`;
  const set = new Map<string, string | null>();
  for (let n = 1 + random.below(3); n > 0; n -= 1) {
    const key = anyKey();
    if (!set.has(key)) set.set(key, picture.has(key) && random.chance(0.35) ? null : token());
  }
  const after = applied(picture, { worker, set: [...set], move: [], fails: false });
  const [from, to] = [random.pick([...after.keys(), anyKey()]), anyKey()];
  const canMove = random.chance(0.4) && after.has(from) && !after.has(to);
  return { worker, set: [...set], move: canMove ? [[from, to]] : [], fails: random.chance(0.1) };
}
