import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Administration } from '../../src/admin/administration.ts';
import { runCli } from '../../src/admin/cli/run-cli.ts';
import { openLocalAdministration, SYSTEM_CLOCK, SYSTEM_RANDOM } from '../../src/server/compose-admin.ts';
import { REPLAY_SERVICES } from '../../src/server/compose-replay.ts';
import { calendarObject, event } from '../protocols/activesync/commands/sync/support.ts';
import { SyncPhone } from '../support/eas/sync-phone.ts';
import { BOB, dav, folderIds, PASSWORD, recordedGateway, startRecording } from './recorded-gateway.ts';

const CALENDAR = '/calendars/example.org/ann/Calendar/';

async function causeway(data: string, line: readonly string[], input = '') {
  let out = '';
  const code = await runCli(line, {
    terminal: {
      out: (text) => {
        out += text;
      },
      err: () => {},
      stdin: (async function* () {
        yield Buffer.from(input);
      })(),
      isInputTerminal: false,
      isOutputTerminal: false,
      columns: null,
    },
    clock: SYSTEM_CLOCK,
    random: SYSTEM_RANDOM,
    defaultData: data,
    openLocal: openLocalAdministration,
    replay: async () => REPLAY_SERVICES,
  });
  return { code, out };
}

/** Ends the recording and writes it into a folder. */
async function saved(gateway: { data: string; folder: string; administration: Administration }, id: string) {
  await gateway.administration.recordStop({ id });
  const to = join(gateway.folder, id);
  assert.equal((await causeway(gateway.data, ['record', 'save', id, '--to', to])).code, 0);
  return to;
}

test('an Add that ends in status 6 replays to the same status on a fresh server, redacted as it is', async (t) => {
  const gateway = await recordedGateway(t);
  const { id } = await startRecording(gateway.administration);
  const phone = gateway.sync();
  const calendar = (await folderIds(phone.phone)).get('8')!;
  await phone.begin(calendar);
  const data = '<cal:Subject>Sekretplan</cal:Subject><cal:StartTime>neverever</cal:StartTime>';
  const add = `<Commands><Add><ClientId>c1</ClientId><ApplicationData>${data}</ApplicationData></Add></Commands>`;
  const told = await phone.sync([{ id: calendar, xml: add }]);
  assert.deepEqual(
    told.collections[0]!.responses.map(({ status }) => status),
    [6],
  );
  const folder = await saved(gateway, id);
  assert.match(readFileSync(join(folder, lastOf(folder, '.response.xml')), 'utf8'), /<Status>6<\/Status>/);
  const { code, out } = await causeway(gateway.data, ['replay', folder]);
  assert.match(out, /^(\d+) of \1 answers are as recorded\n$/);
  assert.equal(code, 0);

  // The same recording, altered to expect a success, is noticed.
  const last = join(folder, lastOf(folder, '.response'));
  const bytes = readFileSync(last, 'latin1');
  assert.match(bytes, /\x036\0/);
  writeFileSync(last, bytes.replace('\x036\0', '\x031\0'), 'latin1');
  const altered = await causeway(gateway.data, ['replay', folder]);
  assert.equal(altered.code, 1);
  assert.match(altered.out, /Cmd=Sync[^\n]*\n +.*Status\n +recorded: "1"\n +actual: +"6"\n/);
});

function lastOf(folder: string, end: string): string {
  return readdirSync(folder)
    .filter((name) => name.endsWith(end))
    .sort()
    .at(-1)!;
}

test('a message that was sent replays as sent: what is masked is still from its sender', async (t) => {
  const gateway = await recordedGateway(t);
  const { id } = await startRecording(gateway.administration);
  const phone = gateway.phone();
  const sent = (await folderIds(phone)).get('5')!;
  const message = `From: "Ann Quittengelee" <Ann@Example.org>\r\nTo: ${BOB}\r\nSubject: Zeppelinfahrt\r\n\r\nKuchenrezept\r\n`;
  const body = `<ClientId>m1</ClientId><SaveInSentItems/><Mime>${Buffer.from(message).toString('base64')}</Mime>`;
  const answer = await phone.post('SendMail', `<SendMail xmlns="ComposeMail:">${body}</SendMail>`);
  assert.deepEqual([answer.status, answer.xml], [200, '']);
  await new SyncPhone(phone).begin(sent);
  const folder = await saved(gateway, id);
  const kept = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  for (const word of ['Quittengelee', 'Zeppelinfahrt', 'Kuchenrezept', 'bob@']) {
    assert.ok(!kept.some((text) => text.includes(word)), word);
  }
  const { code, out } = await causeway(gateway.data, ['replay', folder]);
  assert.deepEqual([code, /^(\d+) of \1 answers are as recorded\n$/.test(out)], [0, true], out);
});

test('an item that goes into quarantine replays to the same: other items come, it does not', async (t) => {
  const gateway = await recordedGateway(t);
  const { id } = await startRecording(gateway.administration);
  const far = calendarObject('VEVENT', 'u-far', 'DTSTART:99991231T230000Z', 'DURATION:P2D', 'SUMMARY:Farfuture');
  assert.equal((await dav(gateway.origin, 'PUT', `${CALENDAR}far.ics`, far)).status, 201);
  assert.equal((await dav(gateway.origin, 'PUT', `${CALENDAR}near.ics`, event('u-near', 'Nearby'))).status, 201);
  const phone = gateway.sync();
  const calendar = (await folderIds(phone.phone)).get('8')!;
  await phone.begin(calendar);
  assert.equal(phone.items(calendar).size, 1);
  assert.equal((await gateway.administration.quarantineList({ address: 'ann@example.org', device: null })).length, 1);
  const folder = await saved(gateway, id);
  const { code, out } = await causeway(gateway.data, ['replay', folder, '--all']);
  assert.deepEqual([code, out.split('\n').length], [0, 2], out);
});

test('a Ping that waits is recorded when it is answered, and replays', async (t) => {
  const gateway = await recordedGateway(t);
  const { id } = await startRecording(gateway.administration);
  const phone = gateway.sync();
  const calendar = (await folderIds(phone.phone)).get('8')!;
  await phone.begin(calendar);
  const ping = `<Ping xmlns="Ping:"><HeartbeatInterval>60</HeartbeatInterval><Folders><Folder><Id>${calendar}</Id><Class>Calendar</Class></Folder></Folders></Ping>`;
  const answer = phone.phone.post('Ping', ping);
  // It waits before the other request is answered, or is answered at once: both are right, and both replay.
  await dav(gateway.origin, 'OPTIONS', CALENDAR);
  await dav(gateway.origin, 'PUT', `${CALENDAR}new.ics`, event('u-new', 'Newcomer'));
  assert.match((await answer).xml, /<Status>2<\/Status>/);
  const folder = await saved(gateway, id);
  assert.ok(readdirSync(folder).some((name) => name.endsWith('.parked')));
  const { code, out } = await causeway(gateway.data, ['replay', folder, '--all']);
  assert.equal(code, 0, out);
});

test('a recording with contents replays to a server that is named, as who is named', async (t) => {
  const gateway = await recordedGateway(t);
  const { id } = await startRecording(gateway.administration, { withContents: true });
  await dav(gateway.origin, 'PUT', `${CALENDAR}a.ics`, event('u-a', 'Picnic'));
  await dav(gateway.origin, 'GET', `${CALENDAR}a.ics`);
  const folder = await saved(gateway, id);
  assert.match(readFileSync(join(folder, '001.request'), 'utf8'), /SUMMARY:Picnic/);
  assert.equal((await dav(gateway.origin, 'DELETE', `${CALENDAR}a.ics`)).status, 204);
  const line = ['replay', folder, '--to', gateway.origin, '--user', 'ann', '--password-stdin'];
  const again = await causeway(gateway.data, line, `${PASSWORD}\n`);
  assert.equal(again.code, 0, again.out);
  const wrong = await causeway(gateway.data, line, 'another\n');
  assert.equal(wrong.code, 1);
  assert.match(wrong.out, /^001 {2}PUT .*\n +status\n +recorded: "201"\n +actual: +"401"/);
});

test('a capture of a phone is replayed by the command as by the tests', async (t) => {
  const { data } = await recordedGateway(t);
  const { code, out } = await causeway(data, ['replay', 'captures/activesync-14.1/daily']);
  assert.deepEqual([code, out], [0, '25 of 25 answers are as recorded\n']);
});
