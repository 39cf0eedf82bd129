import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Clock } from '../../src/domain/clock.ts';
import { SYSTEM_CLOCK } from '../../src/server/system-clock.ts';
import { syncXml } from '../support/eas/sync-phone.ts';
import { SyncingPhone } from '../support/eas/syncing-phone.ts';
import { temporaryFolder } from './support/start.ts';
import { startWhole } from './support/whole.ts';

const ANN = { address: 'ann@example.org', password: 'secret', isAdmin: false, displayName: 'Ann' };
const PHONE = { address: ANN.address, device: 'PHONE1' };
/** So often what devices did is written down. */
const FLUSH_MS = 5_000;
const CALENDAR = 8;
const QUOTED = 'correct horse battery';
const FAILING = syncXml(
  `<Collections><Collection><SyncKey>0</SyncKey><CollectionId>1</CollectionId><WindowSize>${QUOTED}</WindowSize></Collection></Collections>`,
);

type Whole = Awaited<ReturnType<typeof startWhole>>;

async function phoneOf({ origin }: Whole): Promise<SyncingPhone> {
  const phone = new SyncingPhone({ origin, user: ANN.address, password: ANN.password, deviceType: 'iPhone' });
  await phone.setUp();
  return phone;
}

/** Waits until the register tells it. */
async function until({ administration }: Whole, isSo: (details: Details) => boolean): Promise<void> {
  while (!isSo(await administration.deviceShow(PHONE))) await new Promise((resolve) => setImmediate(resolve));
}

type Details = Awaited<ReturnType<Whole['administration']['deviceShow']>>;

/** A phone that waited, was woken by a new event, and whose last request failed. */
async function usePhone(whole: Whole): Promise<SyncingPhone> {
  await whole.administration.userAdd(ANN);
  const phone = await phoneOf(whole);
  const calendar = phone.folder(CALENDAR);
  await phone.begin(calendar);
  const woken = phone.ping([calendar]);
  await until(whole, ({ push }) => push.state === 'waiting');
  const event = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', 'BEGIN:VEVENT', 'UID:1', 'DTSTAMP:20260101T000000Z'];
  const content = [...event, 'DTSTART:20260101T100000Z', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');
  const authorization = `Basic ${btoa(`${ANN.address}:${ANN.password}`)}`;
  const headers = { authorization, 'content-type': 'text/calendar', connection: 'close' };
  const put = await fetch(`${whole.origin}/calendars/example.org/ann/Calendar/1.ics`, {
    ...{ method: 'PUT', headers, body: content },
  });
  assert.equal(put.status, 201);
  assert.equal((await woken).status, '2');
  await phone.wire.post('Sync', FAILING);
  await until(whole, ({ errors, push }) => errors.length === 1 && push.state === 'away');
  return phone;
}

/** What the register tells of how the phone is. */
async function told({ administration }: Whole) {
  const { errors, push, status, lastError } = await administration.deviceShow(PHONE);
  return { errors, push, status, lastError };
}

function assertFailing({ errors, push, status, lastError }: Awaited<ReturnType<typeof told>>): void {
  assert.equal(status, 'its last request failed');
  assert.deepEqual([errors.length, lastError], [1, errors[0]]);
  assert.match(errors[0]!.what, /^Sync: AirSync:WindowSize: "…" is not a whole number/);
  assert.deepEqual(
    [push.state, push.heartbeatSeconds, push.wakeUps.map(({ why }) => why)],
    ['away', 480, ['something changed in Calendar']],
  );
}

test('after a restart the errors of a device, its wake-ups and that it fails are still told, and when it goes well, that', async (t) => {
  const first = await startWhole(t);
  await usePhone(first);
  const before = await told(first);
  assertFailing(before);
  await first.close();
  const kept = readFileSync(join(first.data, 'causeway.db'));
  assert.deepEqual([kept.includes('WindowSize: '), kept.includes(QUOTED)], [true, false], 'what it quoted is nowhere');

  const second = await startWhole(t, { data: first.data });
  assert.deepEqual(await told(second), before);
  const phone = await phoneOf(second);
  await phone.begin(phone.folder(CALENDAR));
  await until(second, ({ status }) => status === 'in use');
  const waits = phone.ping([phone.folder(CALENDAR)]);
  await until(second, ({ push }) => push.state === 'waiting');
  await Promise.all([second.close(), waits.catch(() => null)]);

  const third = await startWhole(t, { data: first.data });
  const { errors, push, status } = await told(third);
  assert.deepEqual([errors, status, push.wakeUps.length], [before.errors, 'in use', 2]);
  assert.equal(push.wakeUps[0]!.why, 'the server stopped');
  const listed = await third.administration.deviceList({
    ...{ address: ANN.address, text: null, domain: null, protocol: 'activesync', access: null, order: 'contact' },
    ...{ after: null, limit: 5 },
  });
  assert.deepEqual(listed.devices[0]?.lastError, before.lastError);
});

test('a server that ended without a word had written it down within seconds', async (t) => {
  const due: (() => void)[] = [];
  const clock: Clock = {
    ...SYSTEM_CLOCK,
    after(ms, callback) {
      if (ms !== FLUSH_MS) return SYSTEM_CLOCK.after(ms, callback);
      due.push(callback);
      return () => undefined;
    },
  };
  const first = await startWhole(t, { clock });
  await usePhone(first);
  const before = await told(first);
  const atOnce = crashed(t, first.data);
  for (const callback of due.splice(0)) callback();
  // Reads what was written down, and waits for it.
  assert.deepEqual(await told(first), before);
  const later = crashed(t, first.data);

  const early = await startWhole(t, { data: atOnce });
  assert.deepEqual((await told(early)).errors, [], 'the test sees what is written down, not what is in memory');
  assert.deepEqual(await told(await startWhole(t, { data: later })), before);
});

/** What a server that is killed now would leave. Copied by a process of its own: to close a file of SQLite's here would end its locks. */
function crashed(t: TestContext, data: string): string {
  const copy = join(temporaryFolder(t), 'data');
  execFileSync('cp', ['-a', data, copy]);
  return copy;
}
