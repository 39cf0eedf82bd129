import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SILENT_LOG } from '../../src/observe/log.ts';
import { createRecorder, type RecorderParts } from '../../src/recorder/recorder.ts';
import type { RecordedExchange } from '../../src/recorder/recording-types.ts';
import { openLocalAdministration } from '../../src/server/compose-admin.ts';
import { keepingLog, temporaryFolder } from '../server/support/start.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { seededRandom } from '../support/random.ts';
import { ANN, BOB, dav, PASSWORD, recordedGateway, startRecording } from './recorded-gateway.ts';

const DAY_MS = 86_400_000;
const CHOICE = { address: ANN, device: null, minutes: 30, withContents: false };

function recorderIn(t: TestContext, more: Partial<RecorderParts> = {}) {
  const clock = fakeClock();
  const folder = join(temporaryFolder(t), 'recordings');
  const parts = { folder, clock, random: seededRandom(3).bytes, log: SILENT_LOG, formats: [], ...more };
  return { recorder: createRecorder(parts), clock, folder };
}

function exchange(body: string, more: Partial<RecordedExchange> = {}): RecordedExchange {
  const headers = [['Content-Type', 'text/plain']] as const;
  return {
    request: { startLine: 'PUT /x HTTP/1.1', headers, body: Buffer.from(body) },
    response: { startLine: 'HTTP/1.1 201', headers: [], body: Buffer.alloc(0) },
    ...{ userAgent: 'Program/1.0', device: null, wasParked: false, ...more },
  };
}

test('a recording ends when its time is over, and says so', async (t) => {
  const { recorder, clock } = recorderIn(t);
  const { id } = await recorder.start(CHOICE);
  assert.equal(recorder.isRecording, true);
  clock.advance(30 * 60_000);
  assert.equal(recorder.isRecording, false);
  assert.deepEqual(recorder.recordingsOf(ANN), []);
  const [summary] = await recorder.list();
  assert.deepEqual([summary?.id, summary?.reason], [id, 'time']);
});

test('a recording ends when it has as many exchanges or bytes as it may have', async (t) => {
  const { recorder } = recorderIn(t, { bounds: { exchanges: 2, bytes: 100 } });
  for (const [bodies, reason, kept] of [
    [['a', 'b', 'c'], 'exchanges', 2],
    [['x'.repeat(60), 'x'.repeat(60)], 'bytes', 1],
  ] as const) {
    const { id } = await recorder.start(CHOICE);
    const [recording] = recorder.recordingsOf(ANN);
    for (const body of bodies) recording!.take(recording!.begin(), exchange(body));
    const ended = await recorder.stop(id);
    assert.deepEqual([ended.reason, ended.exchanges], [reason, kept]);
    assert.equal((await recorder.files(id)).filter(({ name }) => name.endsWith('.request')).length, kept);
  }
});

test('a recording lasts 1 minute to 24 hours', async (t) => {
  const { recorder } = recorderIn(t);
  for (const minutes of [0, -1, 1.5, 1441, Number.NaN]) {
    await assert.rejects(recorder.start({ ...CHOICE, minutes }), { code: 'object-invalid' });
  }
  await recorder.start({ ...CHOICE, minutes: 1440 });
});

test('with a device only its exchanges are kept: by id in any case, or by a part of the program’s name', async (t) => {
  const { recorder } = recorderIn(t);
  const { id } = await recorder.start({ ...CHOICE, device: 'ABC1' });
  const [recording] = recorder.recordingsOf(ANN);
  recording!.take(recording!.begin(), exchange('1', { device: 'abc1' }));
  recording!.take(recording!.begin(), exchange('2', { device: 'abc12' }));
  recording!.take(recording!.begin(), exchange('3', { userAgent: 'Program (abc1)' }));
  await recorder.stop(id);
  const names = (await recorder.files(id)).map(({ name }) => name);
  assert.deepEqual(names, ['001.request', '001.response', '003.request', '003.response', 'about.yaml']);
});

test('an exchange whose client left is counted and not kept; one that waited names what began meanwhile', async (t) => {
  const { recorder, folder } = recorderIn(t);
  const { id } = await recorder.start(CHOICE);
  const [recording] = recorder.recordingsOf(ANN);
  const [waiting, left, quick] = [recording!.begin(), recording!.begin(), recording!.begin()];
  recording!.take(left, exchange('left', { response: null }));
  recording!.take(quick, exchange('quick'));
  recording!.take(waiting, exchange('waiting', { wasParked: true }));
  const { unanswered, exchanges } = await recorder.stop(id);
  assert.deepEqual([unanswered, exchanges], [1, 2]);
  assert.equal(readFileSync(join(folder, id, '001.parked'), 'utf8'), '003\n');
});

test('recordings vanish seven days after they ended, not while they go on', async (t) => {
  const { recorder, clock, folder } = recorderIn(t);
  const { id } = await recorder.start(CHOICE);
  clock.advance(30 * 60_000);
  await recorder.list();
  clock.advance(7 * DAY_MS);
  const later = await recorder.start({ ...CHOICE, minutes: 1440 });
  assert.equal(await recorder.expire(), 0);
  clock.advance(1000);
  assert.equal(await recorder.expire(), 1);
  assert.deepEqual(readdirSync(folder), [later.id]);
  assert.notEqual(id, later.id);
});

test('a recording with contents is told loudly in the log, as security', async (t) => {
  const logged = keepingLog();
  const { recorder } = recorderIn(t, { log: logged.log });
  await recorder.start({ ...CHOICE, withContents: true });
  const [line] = logged.lines;
  assert.deepEqual([line?.level, line?.security, line?.user], ['warn', true, ANN]);
  assert.match(line!.message, /WITH CONTENTS/);
});

test('names from outside reach nothing but files of recordings', async (t) => {
  const { recorder } = recorderIn(t);
  const { id } = await recorder.start(CHOICE);
  for (const [one, name] of [
    [id, '../about.yaml'],
    ['..', 'about.yaml'],
    [id, 'causeway.db'],
    ['20260101-00000000', 'about.yaml'],
  ] as const) {
    await assert.rejects(recorder.read(one, name, 0, 10), { code: 'item-not-found' });
  }
  await assert.rejects(recorder.remove('../x'), { code: 'item-not-found' });
});

test('without a server recordings can be listed, saved and removed, and none begun', async (t) => {
  const folder = temporaryFolder(t);
  const open = await openLocalAdministration(folder);
  t.after(() => open.close());
  await open.administration.userAdd({ address: ANN, password: PASSWORD, isAdmin: false, displayName: null });
  await assert.rejects(startRecording(open.administration), { code: 'store-unavailable' });
  assert.deepEqual(await open.administration.recordList(), []);
});

test('only requests of the recorded person are kept; a recording is its owner’s alone on disk and gone when removed', async (t) => {
  const gateway = await recordedGateway(t);
  const { id } = await startRecording(gateway.administration);
  const options = { method: 'OPTIONS', headers: { Authorization: basic(BOB, PASSWORD) } };
  assert.equal((await fetch(`${gateway.origin}/`, options)).status, 200);
  const wrong = { method: 'OPTIONS', headers: { Authorization: basic(ANN, 'wrong') } };
  assert.equal((await fetch(`${gateway.origin}/`, wrong)).status, 401);
  assert.equal((await dav(gateway.origin, 'OPTIONS', '/')).status, 200);
  const { exchanges } = await gateway.administration.recordStop({ id });
  assert.equal(exchanges, 1);
  const folder = join(gateway.data, 'recordings', id);
  assert.ok(existsSync(folder));
  await gateway.administration.recordRemove({ id });
  assert.ok(!existsSync(folder));
  assert.deepEqual(await gateway.administration.recordList(), []);
});

test('a body of a megabyte is kept; a larger one is told by its length only; both pass as they are', async (t) => {
  const gateway = await recordedGateway(t);
  const { id } = await startRecording(gateway.administration);
  const card = (bytes: number) =>
    `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:l\r\nFN:L\r\nN:L;;;;\r\nNOTE:${'x'.repeat(bytes)}\r\nEND:VCARD\r\n`;
  const path = '/addressbooks/example.org/ann/Contacts/large.vcf';
  const kept = await dav(gateway.origin, 'PUT', path, card(1_000_000), 'text/vcard');
  const leftOut = await dav(gateway.origin, 'PUT', path, card(3_000_000), 'text/vcard');
  assert.deepEqual([kept.status, leftOut.status], [201, 204]);
  await gateway.administration.recordStop({ id });
  const file = (name: string) => readFileSync(join(gateway.data, 'recordings', id, name), 'utf8');
  assert.match(file('001.request'), /^NOTE:[a-z]{1000000}\r$/mu);
  assert.ok(file('002.request').endsWith(`\r\nCauseway-Body-Left-Out: ${card(3_000_000).length}\r\n\r\n`));
  assert.match(file('002.response'), /^HTTP\/1.1 204\r\n/u);
});

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
