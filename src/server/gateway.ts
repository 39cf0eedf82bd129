import { join } from 'node:path';
import type { LogControl } from '../admin/logs.ts';
import type { Settings } from '../config/settings-schema.ts';
import type { Clock, RandomBytes } from '../domain/clock.ts';
import { debugLines } from '../observe/debug-switches.ts';
import type { Log } from '../observe/log.ts';
import type { Backend, OpenBackend } from './backend.ts';
import { type CertificateSource, certificateFromFiles, ownCertificate } from './certificate/certificate-source.ts';
import { certificateNames, type MachineNames, machineNames, settingNames } from './certificate/machine-names.ts';
import { prepareDataFolder } from './data-folder.ts';
import { firstStartText, reachableUrls, writeFirstStart } from './first-start.ts';
import { type RunningServer, serve } from './serve.ts';
import { startDaily } from './tick/daily.ts';
import { expireRecordingsTask } from './tick/expire-recordings.ts';
import { expireSyncStateTask } from './tick/expire-sync-state.ts';
import { pruneLogTask } from './tick/prune-log.ts';
import { silentWipesTask } from './tick/silent-wipes.ts';

export interface GatewayOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
  /** The logs that `log` writes to; absent where nobody asks for them. */
  readonly logs?: LogControl;
  readonly openBackend: OpenBackend;
  /** Tries the configuration as it is now, for `causeway check`. */
  readonly configurationFindings?: () => readonly string[];
}

/** A gateway that is ready. */
export interface Gateway {
  readonly listeners: RunningServer['listeners'];
  /** What to show the person who started it; null at every start but the first. */
  readonly firstStart: { readonly text: string; readonly address: string; readonly password: string } | null;
  reloadCertificate(): Promise<void>;
  /** Drains, then closes everything. May be called again: it is one closing. */
  close(): Promise<void>;
}

function certificateSource(options: GatewayOptions, machine: MachineNames): CertificateSource {
  const { settings, clock, random, log } = options;
  const { cert, key } = settings.tls;
  if (cert !== undefined && key !== undefined) return certificateFromFiles({ cert, key }, clock, log);
  const names = certificateNames(machine, settingNames(settings));
  return ownCertificate({ folder: join(settings.data, 'tls'), names, clock, random, log });
}

async function welcome(options: GatewayOptions, backend: Backend, server: RunningServer, machine: MachineNames) {
  const user = await backend.createFirstUser();
  if (!user) return null;
  const { settings, log } = options;
  const certificate = server.certificate();
  const urls = reachableUrls(server.listeners, settings, machine);
  const text = firstStartText({ ...user, urls, fingerprint: certificate?.own ? certificate.fingerprint : null });
  try {
    const path = await writeFirstStart(settings.data, text);
    return { ...user, text: `${text}\nThis is kept in ${path}; remove the file once the password is known.\n` };
  } catch (error) {
    // The text is still shown; a file that cannot be written must not hide the password for good.
    log.error({ error }, 'what to type could not be kept in the data folder');
    return { ...user, text: `${text}\nThis is shown only now.\n` };
  }
}

/**
 * Starts everything and resolves when requests are answered. Rejects, with nothing left open, when something cannot be
 * started; the message is for a person.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { settings, clock, random, log } = options;
  const found = machineNames();
  const machine = settings.hostName ? { ...found, host: settings.hostName } : found;
  await prepareDataFolder(settings.data, log);
  let server: RunningServer | null = null;
  const backend = await options.openBackend({
    settings,
    clock,
    random,
    log,
    ...(options.logs && { logs: options.logs }),
    hostName: machine.host,
    listening: () => server?.listeners.map(({ url }) => url) ?? settings.listen,
    certificate: () => server?.certificate()?.cert ?? null,
    configurationFindings: options.configurationFindings ?? (() => []),
  });
  try {
    const { authenticator, handlers, sites, measures, recorder, services } = backend;
    const debug = options.logs && debugLines(log, options.logs.switches);
    const watched = {
      ...(sites && { sites }),
      ...(services && { services }),
      ...(measures && { measures }),
      ...(debug && { debug }),
      ...(recorder && { recorder }),
    };
    const certificates = certificateSource(options, machine);
    server = await serve({ settings, clock, random, log, authenticator, handlers, certificates, ...watched });
    const firstStart = await welcome(options, backend, server, machine);
    return run(options, backend, server, firstStart);
  } catch (error) {
    await server?.drain();
    await backend.close();
    throw error;
  }
}

function run(
  options: GatewayOptions,
  backend: Backend,
  server: RunningServer,
  firstStart: Gateway['firstStart'],
): Gateway {
  const { clock, log } = options;
  // Own certificates run out while the server runs, and others are replaced by people who forget to tell.
  const certificateTask = { name: 'certificate', run: () => server.reloadCertificate() };
  const parts = { ...backend, clock, log };
  const recordingTasks = backend.recorder === undefined ? [] : [expireRecordingsTask(backend.recorder, log)];
  const wipeTasks = backend.markSilentWipes === undefined ? [] : [silentWipesTask(backend.markSilentWipes)];
  const tasks = [pruneLogTask(parts), expireSyncStateTask(parts), ...recordingTasks, ...wipeTasks, certificateTask];
  const daily = startDaily(tasks, clock, log);
  server.setReady();
  const { data } = options.settings;
  log.info({ data, listeners: server.listeners.map(({ url }) => url), node: process.versions.node }, 'started');
  async function close(): Promise<void> {
    try {
      await Promise.all([server.drain(), daily.stop()]);
    } finally {
      await backend.close();
    }
    log.info({}, 'stopped');
  }
  let closing: Promise<void> | null = null;
  return {
    listeners: server.listeners,
    firstStart,
    reloadCertificate: () => server.reloadCertificate(),
    close() {
      closing ??= close();
      return closing;
    },
  };
}
