import type { Stamp } from '../domain/mailbox.ts';
import type { MessageText } from './search-index.ts';

/** So many stamps are looked through again rather than noted in a transaction of their own. */
const UNNOTED_STAMPS = 500;

/** Whether a `put` has anything that is worth writing: changes of flags alone have not. */
export function isWorthPutting(known: Stamp, upTo: Stamp, texts: readonly MessageText[]): boolean {
  return texts.length > 0 || upTo - known >= UNNOTED_STAMPS;
}
