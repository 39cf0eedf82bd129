import { GatewayError } from '../../src/domain/errors.ts';
import type { Folder } from '../../src/domain/folder.ts';
import type { Stamp } from '../../src/domain/mailbox.ts';

const PREFIX = 'urn:x-causeway:sync:';

/** How far a client has read a folder's change feed. */
export interface SyncPosition {
  readonly position: Stamp;
  /** While an initial synchronisation goes on: by this the store judges it (`MailboxReader.changes`). */
  readonly floor?: Stamp;
}

type TokenFolder = Pick<Folder, 'mailboxId' | 'id' | 'last'>;

/**
 * DAV:sync-token (RFC 6578 §4, an absolute URI): which store and folder, and the position in the folder's change feed.
 * Folder ids are never used again, so a collection made anew under an old name refuses the old one's tokens; the store's
 * id refuses those of another data folder, whose numbers mean other things.
 */
export class SyncTokens {
  readonly #prefix: string;

  constructor(storeId: string) {
    this.#prefix = `${PREFIX}${storeId}.`;
  }

  tokenOf(folder: TokenFolder, { position, floor }: SyncPosition = { position: folder.last }): string {
    const numbers = [folder.mailboxId, folder.id, position];
    // A position that has passed the floor is judged by itself.
    if (floor !== undefined && floor > position) {
      numbers.push(floor);
    }
    return this.#prefix + numbers.map((number) => number.toString(36)).join('.');
  }

  /**
   * The position in a token that this folder gave; '' (RFC 6578 §3.4 initial synchronisation) is 0.
   * @throws GatewayError 'cursor-expired' for every other token.
   */
  positionIn(token: string, folder: TokenFolder): SyncPosition {
    const text = token.trim();
    if (text === '') return { position: 0 };
    const [, , , position = 0, floor] = text.split('.').map((digits) => Number.parseInt(digits, 36));
    const found: SyncPosition = floor === undefined ? { position } : { position, floor };
    // Writing it anew tells whether it is one of ours to the letter.
    if (!Number.isSafeInteger(position) || text !== this.tokenOf(folder, found)) {
      throw new GatewayError(
        'cursor-expired',
        { cursor: text.slice(0, 200) },
        'The sync-token is not one of this collection; begin again with an empty one.',
      );
    }
    return found;
  }
}
