import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ACTIVESYNC_WIRE } from '../../../protocols/activesync/recorder/wire-format.ts';
import { el } from '../../../protocols/activesync/wbxml/element.ts';
import { encodeWbxml } from '../../../protocols/activesync/wbxml/encode.ts';
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
  return { log, logs: { folder: logFolder, files, switches }, recorder };
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
