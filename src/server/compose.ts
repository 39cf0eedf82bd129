import { join } from 'node:path';
import { firstStart, mailDomain } from '../admin/first-start.ts';
import { loadDebugSwitches } from '../admin/logs.ts';
import { serveAdministration } from '../admin/socket/serve-administration.ts';
import { type Authenticator, createAuthenticator } from '../auth/authenticator.ts';
import { markSilentWipes } from '../devices/silent-wipes.ts';
import { wipeCredentials } from '../devices/wipe-credential.ts';
import { inLog } from '../observe/log-names.ts';
import { createRecorder, RECORDINGS_FOLDER, type Recorder } from '../recorder/recorder.ts';
import type { SqliteStores } from '../store/sqlite/open.ts';
import { expireSyncState } from '../sync/expire-sync-state.ts';
import type { Backend, BackendParts } from './backend.ts';
import { composeAdministration } from './compose-administration.ts';
import { closeFoundation, type Foundation, openFoundation } from './compose-foundation.ts';
import { openMail } from './compose-mail.ts';
import { composeProtocols } from './compose-protocols.ts';
import { openRecovery } from './compose-recovery.ts';
import { openSites } from './compose-sites.ts';
import { openWatch } from './compose-watch.ts';
import { notingErrors } from './note-errors.ts';
import type { ProtocolHandler } from './protocol-handler.ts';
import { openServices } from './services/open-services.ts';
import { watchedSignIns } from './watched-sign-ins.ts';

/** The real backend: the embedded store, the protocols, the administration with its local socket. */
export async function openBackend(parts: BackendParts): Promise<Backend> {
  const foundation = openFoundation(parts);
  try {
    return await openAbove(foundation, parts);
  } catch (error) {
    foundation.measures.close();
    await closeFoundation(foundation);
    throw error;
  }
}

async function openAbove(foundation: Foundation, parts: BackendParts): Promise<Backend> {
  const { opened, measures, debug, activity, refusesGrowth } = foundation;
  const { stores } = opened;
  const { settings, clock, random, log, hostName } = parts;
  if (parts.logs) await loadDebugSwitches(stores.directory, parts.logs.switches);
  const authenticator = authenticatorOf(stores, parts);
  const services = await openServices({ directory: stores.directory, clock, log });
  const mail = await openMail(opened, parts, { services, refusesGrowth, onMail: measures.onMail });
  foundation.mail = mail;
  const watch = await openWatch({ ...parts, stores, debug, measures });
  foundation.watch = watch;
  const { openFolders } = services;
  const recovery = await openRecovery({ data: settings.data, stores, clock, random, log });
  const handlers = composeProtocols(foundation, { ...parts, mail, recovery, freeBytes: watch.freeBytes, openFolders });
  const recorder = recorderOf(handlers, parts);
  const own = { authenticator, recorder, recovery, services, mail, disk: watch.live };
  const administration = composeAdministration(foundation, { ...parts, ...own });
  const signingIn = watchedSignIns(authenticator, { measures, debug });
  const sites = await openSites({ settings, clock, random, log, stores, authenticator: signingIn, administration });
  const socket = await serveAdministration(administration, settings.data, log);
  return {
    ...{ store: stores.mailboxes, directory: stores.directory, authenticator: signingIn },
    ...{ services, handlers, sites, recorder, measures: notingErrors(measures, activity) },
    markSilentWipes: () => markSilentWipes({ ...stores, clock, log: inLog(log, 'security') }, stores.devices),
    async expireSyncState(mailboxId) {
      await recovery.forgetUnasked(mailboxId);
      return expireSyncState({ store: stores.syncState, clock }, mailboxId);
    },
    async createFirstUser() {
      const first = await firstStart(administration, { hostName, random });
      return first.created ? first : null;
    },
    async close() {
      try {
        measures.close();
        await socket.close();
        await recorder.close();
      } finally {
        await closeFoundation(foundation);
      }
    },
  };
}

function authenticatorOf({ directory, syncState }: SqliteStores, parts: BackendParts): Authenticator {
  const { clock, random, log, hostName } = parts;
  return createAuthenticator({
    ...{ directory, appPasswords: syncState, clock, random, log },
    settings: { primaryDomain: mailDomain(hostName) },
    wipeCredentials: ({ mailboxId }) => wipeCredentials(syncState.read(mailboxId)),
  });
}

/** Keeps what goes in and out in the formats of the protocols that have one. */
function recorderOf(handlers: readonly ProtocolHandler[], { settings, clock, random, log }: BackendParts): Recorder {
  return createRecorder({
    ...{ clock, random, log: inLog(log, 'security') },
    folder: join(settings.data, RECORDINGS_FOLDER),
    formats: handlers.flatMap(({ wire }) => wire ?? []),
  });
}
