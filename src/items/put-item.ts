import { GatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import type { Item } from '../domain/item.ts';
import type { Origin } from '../domain/mailbox.ts';
import type { Principal } from '../domain/principal.ts';
import type { MailboxReader, MailboxWriter, NewContent } from '../store/mailbox-store.ts';
import { describeContent } from './describe-content.ts';
import { checkName } from './names.ts';
import type { Precondition } from './precondition.ts';
import { requireRight } from './require-right.ts';
import type { ItemServices } from './services.ts';

export const CLIENT_ORIGIN: Origin = { kind: 'client', by: null };

export interface PutItemRequest {
  readonly principal: Principal;
  readonly folder: Folder;
  readonly name: string;
  readonly content: Uint8Array;
  /** As the client declared it, without parameters; '' when it declared none. */
  readonly contentType: string;
  readonly precondition?: Precondition;
  readonly origin?: Origin;
}

export interface PutItemResult {
  readonly item: Item;
  /** False when an item of that name was there before. */
  readonly created: boolean;
}

/**
 * Stores content under a name, creating or replacing. Writing the bytes that are already there changes nothing, so a
 * request that is sent again after a lost answer leaves no second revision.
 * @throws GatewayError 'access-denied', 'name-invalid', 'item-too-large', 'content-unsupported', 'content-invalid',
 *   'object-invalid', 'component-unsupported', 'uid-conflict', 'quota-exceeded', whatever the precondition throws
 */
export async function putItem(services: ItemServices, request: PutItemRequest): Promise<PutItemResult> {
  const { principal, folder, name, content } = request;
  requireRight(principal, folder, 'write');
  checkName(name);
  checkSize(content, services.limits.maxItemBytes);
  const described: NewContent = { content, ...describeContent(folder, content, request.contentType) };
  return services.store.write(folder.mailboxId, request.origin ?? CLIENT_ORIGIN, async (tx) => {
    const current = await tx.itemByName(folder.id, name);
    request.precondition?.(current);
    await checkUid(tx, folder, current, described.index.uid, name);
    if (current === null) {
      return { item: await tx.createItem({ ...described, folderId: folder.id, name }), created: true };
    }
    return { item: await replaceIfDifferent(tx, current, described), created: false };
  });
}

export function checkSize(content: Uint8Array, limit: number): void {
  if (content.byteLength <= limit) return;
  const size = content.byteLength;
  throw new GatewayError(
    'item-too-large',
    { size, limit },
    `The item has ${size} bytes; at most ${limit} bytes are taken.`,
  );
}

/**
 * RFC 4791 §5.3.2.1 and RFC 6352 §6.3.2.1 (no-uid-conflict): a UID is in a collection once, and a resource keeps the
 * UID it has. `name` is the name the content is about to have.
 */
export async function checkUid(
  reader: MailboxReader,
  folder: Folder,
  current: Item | null,
  uid: string | null,
  name: string,
): Promise<void> {
  if (current !== null && current.uid !== uid && current.uid !== null) {
    throw uidConflict(uid ?? '', name, `${name} holds another UID (${current.uid}); delete it first.`);
  }
  // Messages may come twice: Message-IDs are not unique in any folder.
  if (uid === null || folder.itemClass === 'mail' || folder.itemClass === 'files') return;
  const other = (await reader.itemsByUid(uid, folder.id)).find((item) => item.id !== current?.id);
  if (other) throw uidConflict(uid, other.name);
}

/** @param name The item that has the UID. */
export function uidConflict(uid: string, name: string, message?: string): GatewayError {
  const fallback = `UID ${uid} is already in ${name}; change that item instead.`;
  return new GatewayError('uid-conflict', { uid, name }, message ?? fallback);
}

export async function replaceIfDifferent(tx: MailboxWriter, current: Item, next: NewContent): Promise<Item> {
  if (current.size === next.content.byteLength && Buffer.compare(await readWhole(tx, current), next.content) === 0) {
    return current;
  }
  return tx.replaceContent(current.id, next);
}

/** The whole content of a small item. Never for messages, which stream. */
export async function readWhole(reader: MailboxReader, item: Pick<Item, 'id'>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of reader.content(item.id)) chunks.push(chunk);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}
