import assert from 'node:assert/strict';
import {
  DEFAULT_OPTIONS,
  parseOptions,
  wantedKeyOf,
  writeOptions,
} from '../../../../protocols/activesync/translate/options.ts';
import type { ClassCommand, RenderedItem } from '../../../../protocols/activesync/translate/rendered-item.ts';
import { translatorFor } from '../../../../protocols/activesync/translate/translators.ts';
import { collectionOf, partnershipDevice, type ViewSuffix } from '../../../../protocols/activesync/translate/view.ts';
import { viewFor } from '../../../../protocols/activesync/translate/view-for.ts';
import type { Folder } from '../../../../src/domain/folder.ts';
import type { Principal } from '../../../../src/domain/principal.ts';
import { type ClientCommand, START_KEY, type SyncAnswer } from '../../../../src/sync/request.ts';
import { synchronise } from '../../../../src/sync/synchronise.ts';
import type { EasServer } from '../support.ts';

export interface PrimeOptions {
  readonly device?: string;
  readonly principal?: Principal;
  readonly suffix?: ViewSuffix;
  readonly filterType?: number;
  /** False: only the key is fetched. */
  readonly isFetched?: boolean;
}

/** One Sync of the engine, as the command would do it. */
export async function syncByEngine(
  server: EasServer,
  folder: Folder,
  key: string,
  { device = 'phone1', principal = server.anna, suffix = '', filterType = 0 }: PrimeOptions = {},
  commands: readonly ClientCommand<ClassCommand>[] = [],
): Promise<SyncAnswer<RenderedItem>> {
  const { environment, clock } = server;
  const collection = collectionOf(folder, suffix, '14.1')!;
  const options = { ...DEFAULT_OPTIONS, filterType };
  const view = viewFor({ principal, version: '14.1' }, [], folder, options);
  const request = {
    ...{ mailboxId: principal.mailboxId, folderId: folder.id, device: partnershipDevice(device, collection), key },
    ...{ commands, options: writeOptions(options), windowSize: 512, wantsChanges: true, fingerprint: null },
    wantedKey: wantedKeyOf(collection.easClass, parseOptions(writeOptions(options)), clock.now()),
    ...({ conflictRule: 'server-wins', retryStamp: 0 } as const),
  };
  const outcome = await synchronise(environment.sync, request, translatorFor(environment.items, collection, view));
  assert.equal(outcome.kind, 'answer');
  return outcome as SyncAnswer<RenderedItem>;
}

/** Begins, and fetches all there is; gives the key. */
export async function primeByEngine(server: EasServer, folder: Folder, options: PrimeOptions = {}): Promise<string> {
  let answer = await syncByEngine(server, folder, START_KEY, options);
  if (options.isFetched === false) return answer.key;
  while (answer.hasMore) answer = await syncByEngine(server, folder, answer.key, options);
  return answer.key;
}
