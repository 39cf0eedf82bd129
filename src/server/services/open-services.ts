import type { Socket } from 'node:net';
import type { LiveConnection } from '../../admin/calls/services.ts';
import type { FolderInUse, LiveServices, Which } from '../../admin/live-services.ts';
import type { ServiceName } from '../../config/service-settings.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Log } from '../../observe/log.ts';
import type { DirectoryStore } from '../../store/directory-store.ts';
import type { GatewayMeasures } from '../gateway-measures.ts';
import { ConnectionTable } from './connection-table.ts';
import { OpenFolders } from './open-folders.ts';
import { createRefusalLines, type RefusalLines } from './refusal-lines.ts';
import { ServiceControl } from './service-control.ts';
import { createServiceGate, type ServiceGate } from './service-gate.ts';

/** The services of a server that runs, and who uses them. */
export interface OpenServices {
  readonly control: ServiceControl;
  readonly gate: ServiceGate;
  readonly refusals: RefusalLines;
  readonly openFolders: OpenFolders;
  /** Told of each connection by HTTP. */
  onConnection(socket: Socket, isSecure: boolean): void;
  /** For the administration, once the rest of the server is there. */
  live(rest: LiveParts): LiveServices;
}

/** What else can be told of a server. */
export interface LiveParts {
  readonly measures: Pick<GatewayMeasures, 'syncs' | 'errors'>;
  readonly parked: () => number;
  readonly waitedFor: (which: Which) => readonly FolderInUse[];
  readonly addressesOf: (name: ServiceName) => readonly string[];
  /** Connections of services that are not spoken over HTTP, and know no user. */
  readonly others: () => readonly LiveConnection[];
}

export interface OpenServicesParts {
  readonly directory: Pick<DirectoryStore, 'setting'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Reads what is set about the services. */
export async function openServices({ directory, clock, log }: OpenServicesParts): Promise<OpenServices> {
  const since = clock.now();
  const control = new ServiceControl({ directory, log });
  await control.load();
  const connections = new ConnectionTable(clock);
  const refusals = createRefusalLines(log, clock);
  const openFolders = new OpenFolders(clock);
  const gate = createServiceGate({ control, connections, refusals });
  const live = ({ measures, parked, waitedFor, addressesOf, others }: LiveParts): LiveServices => ({
    since,
    reload: () => control.reload(),
    isRunning: (name) => control.termsOf(name).isRunning,
    addressesOf,
    connectionsOf: (name) => connections.count(name) + others().filter(({ service }) => service === name).length,
    start: (name) => control.start(name),
    async stop(name) {
      await control.stop(name);
      connections.closeIdle(name);
    },
    connections(which) {
      const rest = which.user === null ? others() : [];
      const all = [...connections.newest(which), ...rest];
      return all.toSorted((a, b) => b.since - a.since).slice(0, which.most);
    },
    get connectionCount() {
      return connections.size + others().length;
    },
    foldersInUse(which) {
      const isWanted = ({ user }: FolderInUse) => which.user === null || user === which.user;
      return withWaiting(openFolders.list().filter(isWanted), waitedFor(which));
    },
    rates: () => ({
      syncsPerMinute: measures.syncs.values,
      errorsPerMinute: measures.errors.values,
      minuteAt: clock.now() - measures.syncs.sinceMinuteMs,
    }),
    get parked() {
      return parked();
    },
  });
  return {
    ...{ control, gate, refusals, openFolders, live },
    onConnection: (socket, isSecure) => connections.open(socket, isSecure),
  };
}

/** One entry for each client and folder: who waits for its changes now has it open for that. */
function withWaiting(seen: readonly FolderInUse[], waiting: readonly FolderInUse[]): readonly FolderInUse[] {
  const keyOf = ({ mailboxId, folderId, protocol, device }: FolderInUse) =>
    `${mailboxId} ${folderId} ${protocol} ${device}`;
  const waitingFor = new Map(waiting.map((use) => [keyOf(use), use]));
  const rest = seen.filter((use) => use.device === null || !waitingFor.has(keyOf(use)));
  return [...waitingFor.values(), ...rest];
}
