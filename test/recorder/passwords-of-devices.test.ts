import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ACTIVESYNC_WIRE } from '../../protocols/activesync/recorder/wire-format.ts';
import { decodeWbxml } from '../../protocols/activesync/wbxml/decode.ts';
import { encodeWbxml } from '../../protocols/activesync/wbxml/encode.ts';
import { wbxmlToXml } from '../../protocols/activesync/wbxml/to-xml.ts';
import { createMasker } from '../../src/recorder/masker.ts';
import { withoutSecrets } from '../../src/recorder/redact/redact-message.ts';
import { wbxFromXml } from '../protocols/activesync/wbxml/from-xml.ts';
import { recordedGateway, startRecording } from './recorded-gateway.ts';

const TYPE = 'application/vnd.ms-sync.wbxml';
const BODIES = ACTIVESYNC_WIRE.bodies!;
const MASKER = createMasker(Buffer.alloc(32, 7), 'ann@example.org');

const wbxml = (xml: string) => Buffer.from(encodeWbxml(wbxFromXml(xml), { version: 'any' }));
const xmlOf = (body: Buffer) => wbxmlToXml(decodeWbxml(body));
const deposit = (password: string) =>
  `<Settings xmlns="Settings:"><DevicePassword><Set>${password}</Set></DevicePassword><Oof><Set><OofState>1</OofState><OofMessage><AppliesToInternal/><ReplyMessage>Back on Monday</ReplyMessage></OofMessage></Set></Oof></Settings>`;
const message = (body: Buffer) => ({
  startLine: 'POST /Microsoft-Server-ActiveSync?Cmd=Settings HTTP/1.1',
  headers: [['Content-Type', TYPE]] as const,
  body,
});
const kept = (body: Buffer) => withoutSecrets(message(body), '/Microsoft-Server-ActiveSync', [ACTIVESYNC_WIRE]);

test('a password is masked by the same text whatever it is: also signs, and the person’s own address', () => {
  for (const password of ['a', '!!--//', 'ann@example.org', 'x'.repeat(255)]) {
    const masked = xmlOf(BODIES.mask(wbxml(deposit(`<Password>${password}</Password>`)), TYPE, MASKER));
    assert.match(masked, /<Password>\*{8}<\/Password>/, password);
  }
  assert.match(xmlOf(BODIES.mask(wbxml(deposit('<Password/>')), TYPE, MASKER)), /<Password\/>/);
});

test('a recording with contents keeps everything of such a document but the password', () => {
  for (const password of [
    '<Password>Zeppelinfahrt</Password>',
    '<Password><Password>Zeppelinfahrt</Password></Password>',
  ]) {
    const { body } = kept(wbxml(deposit(password)));
    const xml = xmlOf(body);
    assert.doesNotMatch(xml, /Zeppelin/);
    assert.match(xml, /<Password>\*{8}<\/Password>/);
    assert.match(xml, /<ReplyMessage>Back on Monday<\/ReplyMessage>/);
  }
  const search =
    '<Search xmlns="Search:"><Store><Name>DocumentLibrary</Name><Query>x</Query><Options><UserName>ann</UserName><Password>Zeppelinfahrt</Password></Options></Store></Search>';
  assert.doesNotMatch(xmlOf(kept(wbxml(search)).body), /Zeppelin/);
});

test('documents without a password stay as they came, to the byte, broken ones too', () => {
  const sync = wbxml(
    '<Sync xmlns="AirSync:"><Collections><Collection><SyncKey>12</SyncKey></Collection></Collections></Sync>',
  );
  for (const body of [
    ...[sync, sync.subarray(0, -3), wbxml(deposit('<Password/>')), Buffer.from('no WBXML'), Buffer.alloc(0)],
    wbxml('<Settings xmlns="Settings:"><Oof><Get/></Oof></Settings>'),
  ]) {
    const given = message(body);
    const { headers, body: same } = withoutSecrets(given, '/Microsoft-Server-ActiveSync', [ACTIVESYNC_WIRE]);
    assert.equal(same, body);
    assert.equal(headers, given.headers);
  }
});

test('what may hold a password and cannot be read is left out, with its length told', () => {
  const broken = wbxml(deposit('<Password>Zeppelinfahrt</Password>')).subarray(0, -4);
  const { headers, body } = kept(broken);
  assert.equal(body.length, 0);
  assert.deepEqual(headers.at(-1), ['Causeway-Body-Left-Out', String(broken.length)]);
});

test('of a whole server: a recovery password is in no recording and no line of the log, and the key is the owner’s alone', async (t) => {
  const gateway = await recordedGateway(t);
  const { administration } = gateway;
  await administration.policySet({ policy: { settings: { PasswordRecoveryEnabled: true } } });
  const masked = await startRecording(administration);
  const whole = await startRecording(administration, { withContents: true });
  const phone = gateway.phone();
  const { xml } = await phone.post('Settings', deposit('<Password>Zeppelinfahrt</Password>'));
  assert.match(xml, /<DevicePassword><Status>1<\/Status>/);
  for (const { id } of [masked, whole]) await administration.recordStop({ id });
  for (const { id } of [masked, whole]) {
    const folder = join(gateway.data, 'recordings', id);
    const all = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
    assert.ok(all.length > 2);
    assert.doesNotMatch(all.join('\n'), /Zeppelin/);
    assert.equal(/Back on Monday/.test(all.join('\n')), id === whole.id);
  }
  const device = { address: phone.options.user, device: phone.options.deviceId ?? 'PHONE1' };
  assert.equal((await administration.recoveryPasswordShow(device)).password, 'Zeppelinfahrt');
  assert.doesNotMatch(JSON.stringify(gateway.logged.lines), /Zeppelin/);
});
