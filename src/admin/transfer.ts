import { GatewayError, isGatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import { type Item, revisionTag } from '../domain/item.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import { type ImportOutcome, importItems } from '../items/import-items.ts';
import { checkName } from '../items/names.ts';
import { readWhole } from '../items/whole-content.ts';
import type { MailboxReader } from '../store/mailbox-store.ts';
import type { Administration } from './administration.ts';
import type { ExportedItem, ImportBatchEntry, ImportBatchOutcome } from './calls/transfer.ts';
import type { AdministrationParts } from './create-administration.ts';
import { requireUser } from './users.ts';

const MAX_BATCH = 500;
const PAGE_ITEMS = 200;
/** Bytes of content in one page, and in one chunk: each is one message over the socket. */
const PAGE_BYTES = 2 * 1024 * 1024;

type TransferCalls = Pick<Administration, 'importBatch' | 'exportPage' | 'exportChunk'>;

/** The calls that carry items in and out. */
export function transferCalls(parts: AdministrationParts): TransferCalls {
  const reader = async (address: string): Promise<MailboxReader> =>
    parts.stores.mailboxes.read((await requireUser(parts, address)).mailboxId);

  return {
    async importBatch({ address, folderId, entries }) {
      if (entries.length > MAX_BATCH) throw new TypeError(`a batch has at most ${MAX_BATCH} entries`);
      const { mailboxId } = await requireUser(parts, address);
      const folder = await requireFolder(parts, mailboxId, folderId);
      return (await importItems(parts.services, folder, entries.map(withUsableName))).map(outcomeOf);
    },

    async exportPage({ address, folderId, after }) {
      const mailbox = await reader(address);
      const query = { limit: PAGE_ITEMS, withContent: false, ...(after === null ? {} : { after }) };
      const page = await mailbox.list(folderId, query);
      const items: ExportedItem[] = [];
      let bytes = 0;
      let last = after;
      for (const { item } of page.items) {
        const isLarge = item.size > PAGE_BYTES;
        if (!isLarge) bytes += item.size;
        if (bytes > PAGE_BYTES) return { items, next: last };
        last = item.id;
        const content = isLarge ? null : await readIfThere(mailbox, item);
        if (content !== undefined) items.push(exported(item, content));
      }
      return { items, next: page.next };
    },

    async exportChunk({ address, itemId, revision, start, end }) {
      if (end - start > PAGE_BYTES) throw new TypeError(`a chunk has at most ${PAGE_BYTES} bytes`);
      const mailbox = await reader(address);
      const item = await mailbox.item(itemId);
      const actual = item === null ? null : revisionTag(item);
      if (actual !== revision) {
        const words = actual === null ? 'was removed' : 'was changed';
        const text = `Item ${itemId} of ${address} ${words} since it was listed; list the folder again.`;
        throw new GatewayError('revision-mismatch', { expected: revision, actual }, text);
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of mailbox.content(itemId, { start, end })) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
  };
}

/** A wish for a name that cannot be one is no reason to refuse the item: it gets the name it would have without. */
function withUsableName(entry: ImportBatchEntry): ImportBatchEntry {
  if (entry.name === undefined) return entry;
  try {
    checkName(entry.name);
    return entry;
  } catch (error) {
    if (!isGatewayError(error, 'name-invalid')) throw error;
    const { name: _name, ...rest } = entry;
    return rest;
  }
}

async function requireFolder(parts: AdministrationParts, mailboxId: MailboxId, folderId: number): Promise<Folder> {
  const folder = await parts.stores.mailboxes.read(mailboxId).folder(folderId);
  if (folder === null) {
    const text = `There is no folder ${folderId} in this mailbox; "folder list" shows which there are.`;
    throw new GatewayError('folder-not-found', { folder: String(folderId) }, text);
  }
  return folder;
}

/** Undefined when the item was removed after it was listed. */
async function readIfThere(mailbox: MailboxReader, item: Item): Promise<Uint8Array | undefined> {
  try {
    return await readWhole(mailbox, item);
  } catch (error) {
    if (isGatewayError(error, 'item-not-found')) return undefined;
    throw error;
  }
}

function exported(item: Item, content: Uint8Array | null): ExportedItem {
  const { id, name, size, flags } = item;
  return { id, name, size, flags, revision: revisionTag(item), content };
}

function outcomeOf(outcome: ImportOutcome): ImportBatchOutcome {
  if (outcome.kind !== 'refused') return { kind: outcome.kind };
  const { facts, message } = outcome.error;
  const reason = reasonIn(facts) ?? message;
  return 'line' in facts && typeof facts.line === 'number'
    ? { kind: 'refused', reason, line: facts.line }
    : { kind: 'refused', reason };
}

/** The plain reason where the error has one: its message names the request, which here is the file. */
function reasonIn(facts: object): string | null {
  return 'reason' in facts && typeof facts.reason === 'string' ? facts.reason : null;
}
