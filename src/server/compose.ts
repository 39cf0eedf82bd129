import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { EAS_COMMANDS } from '../../protocols/activesync/commands/registry.ts';
import { DEFAULT_EAS_LIMITS } from '../../protocols/activesync/environment.ts';
import { createActiveSyncHandler } from '../../protocols/activesync/http/endpoint.ts';
import { createParking, type Parking } from '../../protocols/activesync/http/parking.ts';
import { ACTIVESYNC_WIRE } from '../../protocols/activesync/recorder/wire-format.ts';
import { CALDAV_PLUGIN } from '../../protocols/caldav/plugin.ts';
import { CARDDAV_PLUGIN } from '../../protocols/carddav/plugin.ts';
import { createWebdavHandler } from '../../protocols/webdav/http.ts';
import { WEBDAV_WIRE } from '../../protocols/webdav/wire-format.ts';
import { type AdministrationCheck, certificateFindings } from '../admin/check.ts';
import { createAdministration } from '../admin/create-administration.ts';
import { firstStart, mailDomain } from '../admin/first-start.ts';
import { loadDebugSwitches } from '../admin/logs.ts';
import { serveAdministration } from '../admin/socket/serve-administration.ts';
import { createAuthenticator } from '../auth/authenticator.ts';
import { createDeviceActivity, type DeviceActivity } from '../devices/device-activity.ts';
import { createDeviceGate, type DeviceGate } from '../devices/device-gate.ts';
import { noteFolders } from '../devices/note-folders.ts';
import { noticingGate } from '../devices/noticing-gate.ts';
import { markSilentWipes } from '../devices/silent-wipes.ts';
import { wipeCredentials } from '../devices/wipe-credential.ts';
import { createWipes, type Wipes } from '../devices/wipes.ts';
import { ClockTurns } from '../domain/turns.ts';
import { drainedStore } from '../items/drained/drained-store.ts';
import { createContactSearch } from '../items/people/contact-search.ts';
import type { MailSubmission } from '../mail/submission.ts';
import { debugLines, NO_DEBUG } from '../observe/debug-switches.ts';
import { inLog } from '../observe/log-names.ts';
import { createRecorder, RECORDINGS_FOLDER } from '../recorder/recorder.ts';
import { AnswerCache } from '../sync/answer-cache.ts';
import { expireSyncState } from '../sync/expire-sync-state.ts';
import type { Backend, BackendParts } from './backend.ts';
import { type OpenMail, openMail } from './compose-mail.ts';
import { composeLiveServices } from './compose-services.ts';
import { openSites } from './compose-sites.ts';
import { type OpenStores, openStores } from './compose-stores.ts';
import { type OpenWatch, openWatch } from './compose-watch.ts';
import { WIPE_ABILITIES } from './compose-wipe.ts';
import { gateClients } from './gate-clients.ts';
import { createGatewayMeasures } from './gateway-measures.ts';
import { notingErrors } from './note-errors.ts';
import type { ProtocolHandler } from './protocol-handler.ts';
import type { OpenFolders } from './services/open-folders.ts';
import { openServices } from './services/open-services.ts';
import { watchedSignIns } from './watched-sign-ins.ts';

interface DavParts extends BackendParts {
  readonly freeBytes: () => Promise<number>;
  readonly openFolders: OpenFolders;
  readonly activity: DeviceActivity;
}

function webdav(
  opened: OpenStores,
  { openFolders, freeBytes, log }: DavParts,
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
function gatedWebdav(opened: OpenStores, parts: DavParts, gate: DeviceGate, wipes: Wipes): ProtocolHandler {
  const { services, stores } = opened;
  return gateClients(webdav(opened, parts), {
    ...{ gate, wipes, log: parts.log },
    noteFolders: ({ mailboxId }, device, folders) => {
      for (const folderId of folders) parts.activity.noteSync(mailboxId, device, folderId);
      return noteFolders(stores.syncState, mailboxId, device, folders);
    },
    drained: (drain, onEmptied) =>
      webdav(opened, parts, { ...services, store: drainedStore(services.store, drain, onEmptied) }),
  });
}

interface EasParts extends BackendParts {
  readonly mail: MailSubmission;
  readonly devices: DeviceGate;
  readonly wipes: Wipes;
  readonly parking: Parking;
  readonly activity: DeviceActivity;
  readonly onRenderFailure: () => void;
  readonly openFolders: OpenFolders;
}

function activesync(opened: OpenStores, parts: EasParts): ProtocolHandler {
  const { clock, random, log, mail, devices, wipes, parking, activity, onRenderFailure, openFolders } = parts;
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
          onRenderFailure();
          log.error({ ...target, itemId, error }, 'an item could not be shown to a device: it is in quarantine');
        },
      },
      bus: opened.bus,
      search: opened.search,
      mail,
      devices,
      wipes,
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

function checks(parts: BackendParts): readonly AdministrationCheck[] {
  return [
    { area: 'configuration', run: async () => parts.configurationFindings() },
    {
      area: 'certificate',
      async run() {
        const pem = parts.certificate();
        return pem === null ? [] : certificateFindings(pem, parts.clock);
      },
    },
  ];
}

/** What requests are counted by: ActiveSync's commands, and the methods of HTTP and DAV. */
const COUNTED_COMMANDS: ReadonlySet<string> = new Set([
  ...EAS_COMMANDS.keys(),
  ...['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'DELETE', 'COPY', 'MOVE', 'PROPFIND', 'PROPPATCH', 'REPORT'],
  ...['MKCOL', 'MKCALENDAR'],
]);

/** The real backend: the embedded store, the DAV protocols, the administration with its local socket. */
export async function openBackend(parts: BackendParts): Promise<Backend> {
  const { settings, clock, random, log, hostName } = parts;
  const debug = parts.logs === undefined ? NO_DEBUG : debugLines(log, parts.logs.switches);
  let watch: OpenWatch | null = null;
  const refusesGrowth = () => watch?.disk.refusesGrowth === true;
  const opened: OpenStores = openStores({
    ...{ data: settings.data, itemBytes: settings.limits.itemBytes, clock, random, log, debug },
    withSubjects: settings.log.subjects,
    onWrite: (ms, isCommitted) => measures.onWrite(ms, isCommitted),
    refusesGrowth,
  });
  const { stores, services } = opened;
  const parking = createParking(() => clock.now());
  const activity = createDeviceActivity(clock);
  const measures = createGatewayMeasures({
    commands: COUNTED_COMMANDS,
    parked: () => parking.size,
    listeners: () => opened.bus.listenerCount,
    ...{ writes: stores.writes, deviceCount: stores.deviceCount, elapsed: () => clock.elapsed() },
  });
  let mail: OpenMail | null = null;
  try {
    if (parts.logs) await loadDebugSwitches(stores.directory, parts.logs.switches);
    const primaryDomain = mailDomain(hostName);
    const authenticator = createAuthenticator({
      directory: stores.directory,
      appPasswords: stores.syncState,
      clock,
      random,
      log,
      settings: { primaryDomain },
      wipeCredentials: ({ mailboxId }) => wipeCredentials(stores.syncState.read(mailboxId)),
    });
    const serving = await openServices({ directory: stores.directory, clock, log });
    const { openFolders } = serving;
    mail = await openMail(opened, parts, { services: serving, refusesGrowth, onMail: measures.onMail });
    watch = await openWatch({ ...parts, stores, debug, measures });
    const { freeBytes, live: disk } = watch;
    const security = inLog(log, 'security');
    const gate = createDeviceGate({ ...stores, clock, log: security });
    const devices = noticingGate(gate, mail.noticeQuarantine);
    const wipes = createWipes({ syncState: stores.syncState, clock, log: security });
    const { onRenderFailure } = measures;
    const handlers = [
      gatedWebdav(opened, { ...parts, freeBytes, openFolders, activity }, devices, wipes),
      activesync(opened, {
        ...{ ...parts, mail: mail.submission, devices, wipes, parking, activity, onRenderFailure, openFolders },
      }),
    ];
    const recorder = createRecorder({
      ...{ clock, random, log: inLog(log, 'security') },
      folder: join(settings.data, RECORDINGS_FOLDER),
      formats: handlers.flatMap(({ wire }) => wire ?? []),
    });
    const administration = createAdministration({
      stores,
      outbox: mail.outbox,
      services,
      clock,
      random,
      log,
      authenticator,
      recorder,
      activity,
      wipeAbilities: WIPE_ABILITIES,
      publicUrl: settings.publicUrl ?? null,
      checks: checks(parts),
      ...(parts.logs && { logs: parts.logs }),
      disk,
      live: composeLiveServices({ ...parts, services: serving, mail, parking, measures }),
      endRequests: (mailboxId, device) => parking.endOf(mailboxId, device, () => true),
    });
    const signingIn = watchedSignIns(authenticator, { measures, debug });
    const sites = await openSites({ settings, clock, random, log, stores, authenticator: signingIn, administration });
    const socket = await serveAdministration(administration, settings.data, log);
    return {
      store: stores.mailboxes,
      directory: stores.directory,
      markSilentWipes: () => markSilentWipes({ ...stores, clock, log: security }, stores.devices),
      expireSyncState: (mailboxId) => expireSyncState({ store: stores.syncState, clock }, mailboxId),
      authenticator: signingIn,
      services: serving,
      measures: notingErrors(measures, activity),
      handlers,
      sites,
      recorder,
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
          await closeAll(watch, mail, opened);
        }
      },
    };
  } catch (error) {
    measures.close();
    await closeAll(watch, mail, opened);
    throw error;
  }
}

/** The stores last: mail under way still writes down what became of it. */
async function closeAll(watch: OpenWatch | null, mail: OpenMail | null, opened: OpenStores): Promise<void> {
  try {
    await watch?.close();
    await mail?.close();
  } finally {
    await opened.close();
  }
}
