import { errorOf } from '../devices/request-outcome.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import { exposition } from '../observe/metrics/exposition.ts';
import { MinuteRates } from '../observe/metrics/minute-rates.ts';
import { addProcessMeasures } from '../observe/metrics/process-measures.ts';
import { Counter, Histogram, MetricsRegistry, Reading } from '../observe/metrics/registry.ts';

/** A request that is over, as it is counted. */
export interface CountedRequest {
  /** Who signed in. Never a label. */
  readonly user: string | null;
  /** Theirs. Never a label. */
  readonly mailboxId: MailboxId | null;
  readonly protocol: string | null;
  readonly method: string;
  /** Null: the connection ended without an answer. */
  readonly status: number | null;
  readonly seconds: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** What the protocol told for the request's log line. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What the gateway counts. Labels hold words of ours only: never a user, a device, an address or a path. */
export interface GatewayMeasures {
  readonly registry: MetricsRegistry;
  onRequest(request: CountedRequest): void;
  onSignIn(result: string): void;
  onMail(event: string): void;
  onWrite(ms: number, isCommitted: boolean): void;
  onRenderFailure(): void;
  /** By minute, of the last 60: what devices and programs synchronised, and what failed. */
  readonly syncs: MinuteRates;
  readonly errors: MinuteRates;
  exposition(): string;
  close(): void;
}

export interface MeasuresParts {
  /** Commands by the names they are counted under; any other counts as `other`. */
  readonly commands: ReadonlySet<string>;
  readonly parked: () => number;
  readonly listeners: () => number;
  readonly writes: () => { readonly waiting: number; readonly commits: number };
  readonly deviceCount: () => number;
  /** Milliseconds since some moment. */
  readonly elapsed: () => number;
}

/** Seconds; the last ones for requests that wait. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 300, 900, 3600];
const WRITES = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
/** Counting devices goes through all of them, so it is not done for every scrape. */
const DEVICES_MS = 5 * 60_000;
const KINDS = new Set(['add', 'change', 'delete', 'fetch', 'soft-delete']);

export function createGatewayMeasures(parts: MeasuresParts): GatewayMeasures {
  const registry = new MetricsRegistry();
  const stopProcess = addProcessMeasures(registry);
  addReadings(registry, parts);
  const count = requestMeasures(registry, parts.commands);
  const syncs = new MinuteRates(parts.elapsed);
  const errors = new MinuteRates(parts.elapsed);
  const counter = (name: string, help: string, ...labels: string[]) =>
    registry.add(new Counter({ name, help, ...(labels.length > 0 && { labels }) }));
  const signIns = counter('causeway_sign_ins_total', 'Sign-ins by what became of them.', 'result');
  const mail = counter('causeway_mail_total', 'Messages by what became of them.', 'event');
  const failures = counter('causeway_render_failures_total', 'Items that could not be shown to a device.');
  const failed = counter(
    'causeway_store_failed_writes_total',
    'Writes that were not committed, refused ones included.',
  );
  const write = { name: 'causeway_store_write_duration_seconds', help: 'From the call of a write to its commit.' };
  const writes = registry.add(new Histogram(write, WRITES));
  return {
    registry,
    syncs,
    errors,
    onRequest(request) {
      count(request);
      if (isSync(request)) syncs.add();
      if (isError(request)) errors.add();
    },
    onSignIn: (result) => signIns.add(1, result),
    onMail: (event) => mail.add(1, event),
    onWrite(ms, isCommitted) {
      if (isCommitted) writes.observe(ms / 1000);
      else failed.add(1);
    },
    onRenderFailure: () => failures.add(1),
    exposition: () => exposition(registry),
    close: stopProcess,
  };
}

const DAV_SYNCS = new Set(['PROPFIND', 'REPORT']);

function isSync({ protocol, method, fields }: CountedRequest): boolean {
  return protocol === 'activesync' ? fields.command === 'Sync' : protocol === 'webdav' && DAV_SYNCS.has(method);
}

/** What somebody should look at: what failed here, and, of people who signed in, what the register shows as a device's error. */
function isError(request: CountedRequest): boolean {
  if (request.status !== null && request.status >= 500) return true;
  return request.user !== null && errorOf(request) !== null;
}

function addReadings(registry: MetricsRegistry, parts: MeasuresParts): void {
  const { parked, listeners, writes, deviceCount, elapsed } = parts;
  const add = (type: 'gauge' | 'counter', name: string, help: string, read: () => number) =>
    registry.add(new Reading(type, { name, help }, read));
  let devices = { count: 0, at: Number.NEGATIVE_INFINITY };
  add('gauge', 'causeway_parked_requests', 'Ping and Sync requests that wait for something to happen.', parked);
  add('gauge', 'causeway_change_listeners', 'Listeners to changes of mailboxes.', listeners);
  add('gauge', 'causeway_store_waiting_writes', 'Writes that wait for their turn.', () => writes().waiting);
  add(
    'counter',
    'causeway_store_commits_total',
    'Commits; writes that waited together share one.',
    () => writes().commits,
  );
  add('gauge', 'causeway_devices', 'Devices known, counted every five minutes.', () => {
    if (elapsed() - devices.at >= DEVICES_MS) devices = { count: deviceCount(), at: elapsed() };
    return devices.count;
  });
}

function requestMeasures(registry: MetricsRegistry, commands: ReadonlySet<string>): GatewayMeasures['onRequest'] {
  const of = ['protocol', 'command'];
  const requests = registry.add(
    new Counter({
      name: 'causeway_requests_total',
      help: 'Requests by protocol, command (or method) and HTTP status; status none: no answer was sent.',
      labels: [...of, 'status'],
      mostSeries: 600,
    }),
  );
  const name = 'causeway_request_duration_seconds';
  const help = 'From the first byte of a request to the end of its answer, waiting for changes included.';
  const durations = registry.add(new Histogram({ name, help, labels: of }, DURATIONS));
  const bytes = registry.add(
    new Counter({ name: 'causeway_bytes_total', help: 'Bytes of bodies.', labels: ['protocol', 'direction'] }),
  );
  const items = registry.add(
    new Counter({
      name: 'causeway_sync_items_total',
      help: 'Items that devices got and gave by Sync, by what was done with them.',
      labels: ['direction', 'kind'],
    }),
  );
  const collections = registry.add(
    new Counter({ name: 'causeway_sync_collections_total', help: 'Folders synchronised.', labels: ['result'] }),
  );
  return ({ protocol, method, status, seconds, bytesIn, bytesOut, fields }) => {
    const wanted = typeof fields.command === 'string' ? fields.command : method;
    const labels = [protocol ?? 'none', commands.has(wanted) ? wanted : 'other'] as const;
    requests.add(1, ...labels, status === null ? 'none' : String(status));
    durations.observe(seconds, ...labels);
    bytes.add(bytesIn, labels[0], 'in');
    bytes.add(bytesOut, labels[0], 'out');
    for (const direction of ['sent', 'received'] as const) {
      for (const [kind, count] of countsOf(fields[direction]))
        items.add(count, direction, KINDS.has(kind) ? kind : 'other');
    }
    const failed = Array.isArray(fields.statuses) ? fields.statuses.length : 0;
    if (typeof fields.answered === 'number') {
      collections.add(fields.answered - failed, 'ok');
      collections.add(failed, 'failed');
    }
  };
}

function countsOf(value: unknown): readonly (readonly [string, number])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
}
