import { z } from 'zod';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import { START_KEY } from '../../../../src/sync/request.ts';
import type { EasContext } from '../../command.ts';
import { EasStatusError } from '../../status.ts';
import type { AskedCollection, AskedSync } from './asked.ts';
import type { SyncDocument } from './read-request.ts';
import { SyncRefusal } from './refusal.ts';

/** What an empty or partial request leaves unsaid. Options are kept with each partnership. */
const SCHEMA = z.object({
  collections: z.array(
    z.object({
      id: z.string(),
      easClass: z.string().nullable(),
      key: z.string(),
      getChanges: z.boolean().nullable(),
      windowSize: z.number().int().min(1),
    }),
  ),
  windowSize: z.number().int().min(1).nullable(),
  wait: z.object({ unit: z.enum(['minutes', 'seconds']), value: z.number().int().min(1) }).nullable(),
});
type LastRequest = z.infer<typeof SCHEMA>;

/**
 * The request that an empty body stands for (MS-ASCMD §2.2.1.21.2). Its keys are those the device sent, which an empty answer left in force; had an
 * answer with news been lost, they make this a repeat and nothing is skipped.
 * @throws SyncRefusal 13 without one; EasStatusError 149 for one that cannot be read
 */
export async function lastRequest(context: EasContext): Promise<AskedSync> {
  const { collections, windowSize, wait } = await storedRequest(context);
  return { collections: collections.map(askedAgain), windowSize, wait };
}

/** A partial request with what it leaves unsaid (MS-ASCMD §2.2.3.131). @throws as `lastRequest` */
export async function completed(context: EasContext, partial: SyncDocument): Promise<AskedSync> {
  const stored = await storedRequest(context);
  const named = new Map(partial.collections.map((collection) => [collection.id, collection]));
  const collections = stored.collections.map((before) => {
    const again = named.get(before.id);
    named.delete(before.id);
    return again ?? askedAgain(before);
  });
  return {
    collections: [...collections, ...named.values()],
    windowSize: partial.windowSize ?? stored.windowSize,
    wait: partial.wait ?? stored.wait,
  };
}

/** Keeps a request for those that stand for it; one that began a collection, or with commands of the device, is none that could be repeated. */
export async function keepRequest({ environment, principal, device }: EasContext, asked: AskedSync): Promise<void> {
  const { store } = environment.sync;
  const name = documentName(device.id);
  const isKept = asked.collections.every(({ key, commands }) => key !== START_KEY && commands.length === 0);
  const kept = isKept ? requestToKeep(asked) : null;
  const before = await store.read(principal.mailboxId).document(name);
  if (JSON.stringify(before ?? null) === JSON.stringify(kept)) return;
  await store.write(principal.mailboxId, CLIENT_ORIGIN, (tx) => tx.putDocument(name, kept));
}

/** The same request in little memory, without what was done already: commands, and options that are in force now. */
export function withoutDocument(asked: AskedSync): AskedSync {
  const { collections, windowSize, wait } = requestToKeep(asked);
  return { collections: collections.map(askedAgain), windowSize, wait };
}

function documentName(deviceId: string): string {
  return `${deviceId}/sync`;
}

async function storedRequest({ environment, principal, device }: EasContext): Promise<LastRequest> {
  const stored = await environment.sync.store.read(principal.mailboxId).document(documentName(device.id));
  if (stored === null) throw new SyncRefusal(13, 'no request to repeat');
  const read = SCHEMA.safeParse(stored);
  if (!read.success) throw new EasStatusError(149, 'the kept request is none of this release');
  return read.data;
}

function requestToKeep({ collections, windowSize, wait }: AskedSync): LastRequest {
  return {
    collections: collections.map(({ id, easClass, key, getChanges, windowSize }) => {
      return { id, easClass, key, getChanges, windowSize };
    }),
    windowSize,
    wait,
  };
}

function askedAgain(kept: LastRequest['collections'][number]): AskedCollection {
  return {
    ...kept,
    ...{ saysConversationMode: false, deletesAsMoves: true, options: [], supported: null, commands: [] },
    fingerprint: () => JSON.stringify(kept),
  };
}
