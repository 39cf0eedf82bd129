import { GatewayError } from '../../src/domain/errors.ts';
import type { Folder } from '../../src/domain/folder.ts';
import type { Stamp } from '../../src/domain/mailbox.ts';

const PREFIX = 'urn:x-causeway:sync:';

/**
 * A DAV:sync-token (RFC 6578 §4, an absolute URI): which folder, and the position in its change feed. Folder ids are
 * never used again, so a collection made anew under an old name refuses the old one's tokens.
 */
export function syncTokenOf(folder: Pick<Folder, 'mailboxId' | 'id' | 'last'>, position: Stamp = folder.last): string {
  return `${PREFIX}${folder.mailboxId.toString(36)}.${folder.id.toString(36)}.${position.toString(36)}`;
}

/**
 * The position in a token that this folder gave; '' (RFC 6578 §3.4 initial synchronisation) is 0.
 * @throws GatewayError 'cursor-expired' for every other token.
 */
export function positionIn(token: string, folder: Pick<Folder, 'mailboxId' | 'id' | 'last'>): Stamp {
  const text = token.trim();
  if (text === '') {
    return 0;
  }
  const digits = /\.([0-9a-z]{1,11})$/.exec(text)?.[1] ?? '';
  const position = Number.parseInt(digits, 36);
  if (!Number.isSafeInteger(position) || text !== syncTokenOf(folder, position)) {
    throw new GatewayError(
      'cursor-expired',
      { cursor: text.slice(0, 200) },
      'The sync-token is not one of this collection; begin again with an empty one.',
    );
  }
  return position;
}
