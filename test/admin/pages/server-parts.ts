import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ACTIVESYNC_WIRE } from '../../../protocols/activesync/recorder/wire-format.ts';
import { el } from '../../../protocols/activesync/wbxml/element.ts';
import { encodeWbxml } from '../../../protocols/activesync/wbxml/encode.ts';
import type { LiveServices } from '../../../src/admin/live-services.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import { DebugSwitches } from '../../../src/observe/debug-switches.ts';
import { LogFiles } from '../../../src/observe/files/log-files.ts';
import { inLog } from '../../../src/observe/log-names.ts';
import { createPinoLog } from '../../../src/observe/pino-log.ts';
import { createRecorder } from '../../../src/recorder/recorder.ts';
import type { RecordedExchange } from '../../../src/recorder/recording-types.ts';

/** Logs and a recorder in a folder that is gone after the test. Numbers of recordings count from 0. */
export function serverParts(t: TestContext, clock: Clock) {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-pages-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const logFolder = join(folder, 'logs');
  const onFailure = (error: unknown) => {
    throw error;
  };
  const now = () => clock.now();
  const files = new LogFiles({ folder: logFolder, rotateBytes: 1_000_000, rotateDays: 30, keep: 2, now, onFailure });
  const switches = new DebugSwitches();
  const sinks = [files.sink];
  const log = createPinoLog({ level: 'info', format: 'json', now, write: () => undefined, sinks, switches });
  let count = 0;
  const random = (length: number) => {
    const bytes = new Uint8Array(length);
    if (length === 4) {
      bytes[3] = count;
      count += 1;
    }
    return bytes;
  };
  const recorder = createRecorder({
    folder: join(folder, 'recordings'),
    clock,
    random,
    log: inLog(log, 'security'),
    formats: [ACTIVESYNC_WIRE],
  });
  return { log, logs: { folder: logFolder, files, switches }, recorder, live: fakeLive(clock) };
}

/** Services that run or not as they are told; Ann's phone waits, and somebody connected who is not signed in. */
function fakeLive(clock: Clock): LiveServices & { readonly running: Set<string> } {
  const running = new Set<string>(['activesync', 'webdav', 'admin']);
  const ann = { user: 'ann@example.org', device: 'PHONE1', from: '198.51.100.9' };
  return {
    running,
    since: clock.now() - 86_400_000,
    async reload() {},
    isRunning: (name) => running.has(name),
    addressesOf: (name) => (name === 'lmtp' ? [] : ['https://0.0.0.0:8443']),
    connectionsOf: (name) => (name === 'activesync' ? 1 : 0),
    async start(name) {
      running.add(name);
    },
    async stop(name) {
      running.delete(name);
    },
    connections: ({ user }) =>
      [
        {
          ...{ id: '2', service: null, protocol: null, user: null, device: null, agent: '', isSecure: false },
          ...{ from: '203.0.113.5', since: clock.now(), doing: null, isWaiting: false, doingSince: clock.now() },
        },
        {
          ...{ ...ann, id: '1', service: 'activesync' as const, protocol: 'activesync', agent: 'Apple-iPhone15C2/<i>' },
          ...{
            isSecure: true,
            since: clock.now() - 90_000,
            doing: 'Ping',
            isWaiting: true,
            doingSince: clock.now() - 60_000,
          },
        },
      ].filter((connection) => user === null || connection.user === user),
    connectionCount: 2,
    foldersInUse: () => [],
    rates: () => ({
      syncsPerMinute: Array.from({ length: 60 }, (_, at) => (at * 7) % 13),
      errorsPerMinute: Array.from({ length: 60 }, (_, at) => (at % 20 === 5 ? 2 : 0)),
      minuteAt: clock.now(),
    }),
    parked: 1,
  };
}

export type ServerParts = ReturnType<typeof serverParts>;

/** The first recording of a test, by the clock that tests begin with. */
export const FIRST_RECORDING = '20260101-00000000';

/** A Sync of a phone, with a subject that somebody wrote. */
export function syncExchange(subject = 'Dinner with <b>Bob</b>'): RecordedExchange {
  const collection = el('AirSync:Collection', el('AirSync:SyncKey', '7'), el('Email:Subject', subject));
  const body = encodeWbxml(el('AirSync:Sync', el('AirSync:Collections', collection)), { version: 'any' });
  const type = ['Content-Type', 'application/vnd.ms-sync.wbxml'] as const;
  const path = '/Microsoft-Server-ActiveSync?Cmd=Sync&User=ann&DeviceId=PHONE1&DeviceType=iPhone';
  return {
    request: {
      startLine: `POST ${path} HTTP/1.1`,
      headers: [type, ['MS-ASProtocolVersion', '14.1']],
      body: Buffer.from(body),
    },
    response: { startLine: 'HTTP/1.1 200 OK', headers: [type], body: Buffer.from(body) },
    ...{ userAgent: 'Apple-iPhone15C2', device: 'phone1', wasParked: false },
  };
}

/** Lines in several logs, and a recording of Ann with one exchange that goes on. */
export async function fillServer({ log, recorder }: ServerParts): Promise<void> {
  inLog(log, 'security').info({ user: 'ann@example.org', address: '192.0.2.9' }, 'sign-in failed');
  inLog(log, 'operations').info(
    { user: 'ann@example.org', protocol: 'webdav', what: 'Lunch <b>now</b>' },
    'item removed',
  );
  log.error({ error: new Error('the disk said no') }, 'request failed');
  log.warn({ device: 'PHONE1' }, 'a device repeats itself');
  await recorder.start({ address: 'ann@example.org', device: null, minutes: 30, withContents: false });
  takeExchange(recorder);
}

/** Another exchange of Ann, taken by what records her. */
export function takeExchange(recorder: ServerParts['recorder'], exchange = syncExchange()): void {
  for (const recording of recorder.recordingsOf('ann@example.org')) recording.take(recording.begin(), exchange);
}
