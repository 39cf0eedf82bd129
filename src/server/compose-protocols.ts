import { setImmediate as nextTurn } from 'node:timers/promises';
import { EAS_COMMANDS } from '../../protocols/activesync/commands/registry.ts';
import { DEFAULT_EAS_LIMITS } from '../../protocols/activesync/environment.ts';
import { createActiveSyncHandler } from '../../protocols/activesync/http/endpoint.ts';
import { ACTIVESYNC_WIRE } from '../../protocols/activesync/recorder/wire-format.ts';
import { CALDAV_PLUGIN } from '../../protocols/caldav/plugin.ts';
import { CARDDAV_PLUGIN } from '../../protocols/carddav/plugin.ts';
import { createWebdavHandler } from '../../protocols/webdav/http.ts';
import { WEBDAV_WIRE } from '../../protocols/webdav/wire-format.ts';
import { createDeviceGate, type DeviceGate } from '../devices/device-gate.ts';
import { noteFolders } from '../devices/note-folders.ts';
import { noticingGate } from '../devices/noticing-gate.ts';
import type { RecoveryPasswords } from '../devices/recovery-passwords.ts';
import { createWipes, type Wipes } from '../devices/wipes.ts';
import { ClockTurns } from '../domain/turns.ts';
import { drainedStore } from '../items/drained/drained-store.ts';
import { createContactSearch } from '../items/people/contact-search.ts';
import { inLog } from '../observe/log-names.ts';
import { AnswerCache } from '../sync/answer-cache.ts';
import type { BackendParts } from './backend.ts';
import type { Foundation } from './compose-foundation.ts';
import type { OpenMail } from './compose-mail.ts';
import type { OpenStores } from './compose-stores.ts';
import { gateClients } from './gate-clients.ts';
import type { ProtocolHandler } from './protocol-handler.ts';
import type { OpenFolders } from './services/open-folders.ts';

export interface ProtocolParts extends BackendParts {
  readonly mail: Pick<OpenMail, 'submission' | 'noticeQuarantine'>;
  readonly recovery: RecoveryPasswords;
  readonly freeBytes: () => Promise<number>;
  readonly openFolders: OpenFolders;
}

/** All protocols, behind one gate for the devices of all of them. */
export function composeProtocols(foundation: Foundation, parts: ProtocolParts): readonly ProtocolHandler[] {
  const { stores } = foundation.opened;
  const told = { clock: parts.clock, log: inLog(parts.log, 'security') };
  const devices = noticingGate(createDeviceGate({ ...stores, ...told }), parts.mail.noticeQuarantine);
  const wipes = createWipes({ syncState: stores.syncState, ...told });
  return [gatedWebdav(foundation, parts, devices, wipes), activesync(foundation, { ...parts, devices, wipes })];
}

function webdav(
  opened: OpenStores,
  { openFolders, freeBytes, log }: ProtocolParts,
  services = opened.services,
): ProtocolHandler {
  const handler = createWebdavHandler({
    services,
    directory: opened.stores.directory,
    freeBytes,
    onCollection: (mailboxId, folderId) => openFolders.note(mailboxId, folderId, null),
    log,
    storeId: opened.stores.storeId,
    plugins: [CALDAV_PLUGIN, CARDDAV_PLUGIN],
  });
  return { name: 'webdav', service: 'webdav', wire: WEBDAV_WIRE, ...handler };
}

/** DAV, whose clients name no device and know no wipe. */
function gatedWebdav(
  { opened, activity }: Foundation,
  parts: ProtocolParts,
  gate: DeviceGate,
  wipes: Wipes,
): ProtocolHandler {
  const { services, stores } = opened;
  return gateClients(webdav(opened, parts), {
    ...{ gate, wipes, log: parts.log },
    noteFolders: ({ mailboxId }, device, folders) => {
      for (const folderId of folders) activity.noteSync(mailboxId, device, folderId);
      return noteFolders(stores.syncState, mailboxId, device, folders);
    },
    drained: (drain, onEmptied) =>
      webdav(opened, parts, { ...services, store: drainedStore(services.store, drain, onEmptied) }),
  });
}

interface EasParts extends ProtocolParts {
  readonly devices: DeviceGate;
  readonly wipes: Wipes;
}

function activesync({ opened, parking, activity, measures }: Foundation, parts: EasParts): ProtocolHandler {
  const { clock, random, log, mail, devices, wipes, recovery, openFolders } = parts;
  const turns = () => new ClockTurns(clock, nextTurn);
  const handler = createActiveSyncHandler(
    {
      items: { ...opened.services, turns },
      sync: {
        store: opened.stores.syncState,
        clock,
        random,
        answers: new AnswerCache(),
        turns,
        // A device that sees one folder as several names its view behind a slash.
        onSynchronise: ({ mailboxId, folderId, device: name }) => {
          const [device = name] = name.split('/', 1);
          openFolders.note(mailboxId, folderId, device);
          activity.noteSync(mailboxId, device, folderId);
        },
        onRenderFailure: (target, itemId, error) => {
          measures.onRenderFailure();
          log.error({ ...target, itemId, error }, 'an item could not be shown to a device: it is in quarantine');
        },
      },
      bus: opened.bus,
      search: opened.search,
      mail: mail.submission,
      devices,
      wipes,
      recovery,
      directory: opened.stores.directory,
      contacts: createContactSearch(opened.stores.mailboxes),
      log,
      limits: DEFAULT_EAS_LIMITS,
      parking,
      activity,
    },
    EAS_COMMANDS,
  );
  return { name: 'activesync', service: 'activesync', wire: ACTIVESYNC_WIRE, ...handler };
}
