import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEVICE_POLICY_SETTING } from '../../../../src/config/device-policy.ts';
import { OUT_OF_OFFICE_DOCUMENT } from '../../../../src/domain/out-of-office.ts';
import { failingStore } from '../failing-store.ts';
import { type EasServer, startEas } from '../support.ts';
import { exchange } from './exchange.ts';

const settings = (inner: string) => `<Settings xmlns="Settings:">${inner}</Settings>`;
const answered = (inner: string) => settings(`<Status>1</Status>${inner}`);
const oofStatus = (status: number) => answered(`<Oof><Status>${status}</Status></Oof>`);
const informationStatus = (status: number) =>
  answered(`<DeviceInformation><Status>${status}</Status></DeviceInformation>`);
const getOof = (type: string) => settings(`<Oof><Get><BodyType>${type}</BodyType></Get></Oof>`);
const setOof = (inner: string) => settings(`<Oof><Set>${inner}</Set></Oof>`);

const message = (audience: string, enabled: string, text: string, type: string) => `
  <OofMessage><AppliesTo${audience}/><Enabled>${enabled}</Enabled>
  ${text === '' ? '' : `<ReplyMessage>${text}</ReplyMessage><BodyType>${type}</BodyType>`}</OofMessage>`;

const shownOof = (state: string, inner: string) =>
  answered(`<Oof><Status>1</Status><Get><OofState>${state}</OofState>${inner}</Get></Oof>`);

const AUDIENCES = ['Internal', 'ExternalKnown', 'ExternalUnknown'];
const NOTHING = shownOof('0', AUDIENCES.map((audience) => message(audience, '0', '', 'TEXT')).join(''));

async function stateOf(server: EasServer, principal = server.anna) {
  const reader = server.environment.sync.store.read(principal.mailboxId);
  // Every device that was ever here has the versions that it was told of.
  const documents = (await reader.documents('')).filter(({ name }) => !name.endsWith('/versions'));
  return { devices: await reader.devices(), documents };
}

test('MS-ASCMD §2.2.3.45 DeviceInformation is kept; what comes later adds to it, an empty field takes away', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const tell = (fields: string) => settings(`<DeviceInformation><Set>${fields}</Set></DeviceInformation>`);
  const all = `<Model>One</Model><IMEI>123</IMEI><FriendlyName>Anna’s</FriendlyName><OS>X 1</OS><OSLanguage>de</OSLanguage>
    <PhoneNumber>+49 1</PhoneNumber><UserAgent>A/1</UserAgent><EnableOutboundSMS>0</EnableOutboundSMS><MobileOperator>Op</MobileOperator>`;
  await exchange(server.phone(), 'Settings', tell(all), informationStatus(1));
  await exchange(server.phone(), 'Settings', tell('<OS>X 2</OS><IMEI/>'), informationStatus(1));
  await exchange(server.phone({ version: '12.1' }), 'Settings', tell('<Model>One</Model>'), informationStatus(1));
  const [device] = (await stateOf(server)).devices;
  assert.deepEqual(device!.information, {
    ...{ Model: 'One', FriendlyName: 'Anna’s', OS: 'X 2', OSLanguage: 'de', PhoneNumber: '+49 1' },
    ...{ UserAgent: 'A/1', EnableOutboundSMS: '0', MobileOperator: 'Op' },
  });
});

test('DeviceInformation: nothing is kept that commands a terminal or turns a text around', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const told = '<Model>Nine\u009b2J\u202egnp.exe\u2066</Model><FriendlyName>\u202e\u202d</FriendlyName>';
  const xml = settings(`<DeviceInformation><Set>${told}</Set></DeviceInformation>`);
  await exchange(server.phone(), 'Settings', xml, informationStatus(1));
  assert.deepEqual((await stateOf(server)).devices[0]!.information, { Model: 'Nine 2J gnp.exe' });
});

test('DeviceInformation: 2 for elements in a text, 5 for values that are none, 6 for two that differ; nothing of it is kept', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  for (const [inner, status] of [
    ['<Set><OS>X</OS><Model><OS>X</OS></Model></Set>', 2],
    [`<Set><OS>X</OS><Model>${'m'.repeat(1025)}</Model></Set>`, 5],
    ['<Set><OS>X</OS><EnableOutboundSMS>9</EnableOutboundSMS></Set>', 5],
    ['<Set><OS>X</OS><Model>One</Model><Model>Two</Model></Set>', 6],
  ] as const) {
    const xml = settings(`<DeviceInformation>${inner}</DeviceInformation>`);
    await exchange(server.phone(), 'Settings', xml, informationStatus(status));
  }
  assert.deepEqual((await stateOf(server)).devices[0]!.information, {});
  const twice = settings('<DeviceInformation><Set><OS>X</OS><OS>X</OS></Set></DeviceInformation>');
  await exchange(server.phone(), 'Settings', twice, informationStatus(1));
});

test('MS-ASCMD §2.2.3.192 UserInformation: the address; by accounts from 14.1 on', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const get = settings('<UserInformation><Get/></UserInformation>');
  for (const version of ['12.1', '14.0'] as const) {
    const shown = `<UserInformation><Status>1</Status><Get><EmailAddresses><SmtpAddress>anna@example.org</SmtpAddress></EmailAddresses></Get></UserInformation>`;
    await exchange(server.phone({ version }), 'Settings', get, answered(shown));
  }
  const shown = `
    <UserInformation><Status>1</Status><Get><Accounts><Account>
      <UserDisplayName>bert</UserDisplayName>
      <EmailAddresses><SmtpAddress>bert@example.org</SmtpAddress><PrimarySmtpAddress>bert@example.org</PrimarySmtpAddress></EmailAddresses>
    </Account></Accounts></Get></UserInformation>`;
  await exchange(server.phone({ user: 'bert' }), 'Settings', get, answered(shown));
});

test('MS-ASCMD §2.2.3.122 out of office is shown to every device of the person as it was set, and to nobody else', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  await exchange(server.phone(), 'Settings', getOof('TEXT'), NOTHING);
  const html = '&lt;p&gt;Back on &lt;b&gt;Monday&lt;/b&gt;&lt;/p&gt;';
  await exchange(
    server.phone(),
    'Settings',
    setOof(`<OofState>2</OofState><StartTime>2026-08-01T00:00:00.000Z</StartTime><EndTime>2026-08-15T00:00:00Z</EndTime>
      ${message('Internal', '1', 'Ask Bert  &amp; Co.', 'TEXT')}${message('ExternalKnown', '1', html, 'HTML')}${message('ExternalUnknown', '0', '', 'TEXT')}`),
    oofStatus(1),
  );
  const times = '<StartTime>2026-08-01T00:00:00.000Z</StartTime><EndTime>2026-08-15T00:00:00.000Z</EndTime>';
  const other = server.phone({ deviceId: 'OTHER', version: '12.1' });
  const asText = shownOof(
    '2',
    `${times}${message('Internal', '1', 'Ask Bert  &amp; Co.', 'TEXT')}${message('ExternalKnown', '1', 'Back on Monday', 'TEXT')}${message('ExternalUnknown', '0', '', 'TEXT')}`,
  );
  await exchange(other, 'Settings', getOof('Text'), asText);
  await exchange(other, 'Settings', settings('<Oof><Get/></Oof>'), asText);
  const asHtml = shownOof(
    '2',
    `${times}${message('Internal', '1', '&lt;html&gt;&lt;body&gt;Ask Bert &amp;nbsp;&amp;amp; Co.&lt;/body&gt;&lt;/html&gt;', 'HTML')}${message('ExternalKnown', '1', html, 'HTML')}${message('ExternalUnknown', '0', '', 'HTML')}`,
  );
  await exchange(other, 'Settings', getOof('HTML'), asHtml);
  await exchange(server.phone({ user: 'bert' }), 'Settings', getOof('TEXT'), NOTHING);
});

test('what a Set does not name stays; times go with a state that has none', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const times = '<StartTime>2026-08-01T00:00:00.000Z</StartTime><EndTime>2026-08-15T00:00:00.000Z</EndTime>';
  const phone = server.phone();
  await exchange(phone, 'Settings', setOof(`<OofState>2</OofState>${times}`), oofStatus(1));
  const one = '<OofMessage><AppliesToInternal/><AppliesToExternalKnown/><ReplyMessage>Away</ReplyMessage></OofMessage>';
  await exchange(phone, 'Settings', setOof(one), oofStatus(1));
  const silent = '<OofMessage><AppliesToInternal/><Enabled>1</Enabled></OofMessage>';
  await exchange(phone, 'Settings', setOof(silent), oofStatus(1));
  const messages = `${message('Internal', '1', 'Away', 'TEXT')}${message('ExternalKnown', '0', 'Away', 'TEXT')}${message('ExternalUnknown', '0', '', 'TEXT')}`;
  await exchange(phone, 'Settings', getOof('TEXT'), shownOof('2', times + messages));
  await exchange(phone, 'Settings', setOof(`<OofState>1</OofState>${times}`), oofStatus(1));
  await exchange(phone, 'Settings', getOof('TEXT'), shownOof('1', messages));
});

test('Oof: MS-ASCMD_R2272 MS-ASCMD_R5681 2 for one time without the other, 5 for values that are none, 6 for such as contradict; nothing changes', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const phone = server.phone();
  await exchange(phone, 'Settings', setOof(message('Internal', '1', 'Away', 'TEXT')), oofStatus(1));
  const before = await stateOf(server);
  for (const [inner, status] of [
    ['<Set><OofState>2</OofState><StartTime>2026-08-01T00:00:00.000Z</StartTime></Set>', 2],
    ['<Set><OofState>2</OofState><EndTime>2026-08-01T00:00:00.000Z</EndTime></Set>', 2],
    ['<Get><BodyType>RTF</BodyType></Get>', 5],
    ['<Set><OofState>3</OofState></Set>', 5],
    ['<Set><OofState>2</OofState><StartTime>soon</StartTime><EndTime>later</EndTime></Set>', 5],
    [`<Set><OofState>1</OofState>${message('Internal', '1', 'A', 'RTF')}</Set>`, 5],
    ['<Set><OofState>1</OofState><OofMessage><Enabled>1</Enabled></OofMessage></Set>', 5],
    ['<Set><OofMessage><AppliesToInternal/><Enabled>maybe</Enabled></OofMessage></Set>', 5],
    [`<Set>${message('Internal', '1', 'a'.repeat(128 * 1024 + 1), 'TEXT')}</Set>`, 5],
    [`<Set>${message('Internal', '1', 'A', 'TEXT')}${message('Internal', '1', 'B', 'TEXT')}</Set>`, 6],
    [
      '<Set><OofState>2</OofState><StartTime>2026-08-02T00:00:00Z</StartTime><EndTime>2026-08-01T00:00:00Z</EndTime></Set>',
      6,
    ],
  ] as const) {
    await exchange(phone, 'Settings', settings(`<Oof>${inner}</Oof>`), oofStatus(status));
  }
  assert.deepEqual(await stateOf(server), before);
});

test('DevicePassword where no policy asks for one: 7; 2 for elements in it, 5 for one that is too long; never kept', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  for (const [inner, status] of [
    ['<Set><Password>secret</Password></Set>', 7],
    ['<Set><Password><Get/></Password></Set>', 2],
    [`<Set><Password>${'p'.repeat(256)}</Password></Set>`, 5],
  ] as const) {
    const expected = answered(`<DevicePassword><Status>${status}</Status></DevicePassword>`);
    await exchange(server.phone(), 'Settings', settings(`<DevicePassword>${inner}</DevicePassword>`), expected);
  }
  assert.deepEqual((await stateOf(server)).documents, []);
  assert.ok(!JSON.stringify(server.lines).includes('secret'));
});

/** libwbxml misspells its first letters. */
test('RightsManagementInformation: off, which is 168; not known before 14.1', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const answer = (status: number) =>
    answered(`<ihsManagementInformation><Status>${status}</Status></ihsManagementInformation>`);
  const get = settings('<ihsManagementInformation><Get/></ihsManagementInformation>');
  await exchange(server.phone(), 'Settings', get, answer(168));
  await exchange(server.phone({ version: '14.0' }), 'Settings', get, settings('<Status>2</Status>'));
});

test('several elements of one request are each done and answered, in their order', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const request = settings(`
    <DeviceInformation><Set><Model>One</Model></Set></DeviceInformation>
    <Oof><Set><OofState>7</OofState></Set></Oof>
    <DevicePassword><Set><Password>x</Password></Set></DevicePassword>
    <Oof><Get><BodyType>TEXT</BodyType></Get></Oof>
    <DeviceInformation><Set><Model><OS>X</OS></Model></Set></DeviceInformation>`);
  const expected = answered(`
    <DeviceInformation><Status>1</Status></DeviceInformation>
    <Oof><Status>5</Status></Oof>
    <DevicePassword><Status>7</Status></DevicePassword>
    ${/<Oof>.*<\/Oof>/s.exec(NOTHING)![0]}
    <DeviceInformation><Status>2</Status></DeviceInformation>`);
  await exchange(server.phone(), 'Settings', request, expected);
});

test('MS-ASCMD_R483 MS-ASCMD_R4398 status 2 of the whole command: an element without what it must hold; nothing is done', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const before = await stateOf(server);
  const first = '<Oof><Set><OofState>1</OofState></Set></Oof>';
  for (const element of [
    '<Oof/>',
    '<Oof><Get/><Set/></Oof>',
    '<DeviceInformation/>',
    '<DeviceInformation><Get/></DeviceInformation>',
    '<DevicePassword><Get/></DevicePassword>',
    '<DevicePassword><Set/></DevicePassword>',
    '<UserInformation/>',
    '<UserInformation><Set/></UserInformation>',
    '<ihsManagementInformation/>',
  ]) {
    await exchange(server.phone(), 'Settings', settings(first + element), settings('<Status>2</Status>'));
  }
  assert.deepEqual((await stateOf(server)).documents, before.documents);
});

test('MS-ASCMD_R4396 OofState 2 without times, where none are known: away from now on', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const phone = server.phone();
  await exchange(phone, 'Settings', setOof('<OofState>2</OofState>'), oofStatus(1));
  const nobody = AUDIENCES.map((audience) => message(audience, '0', '', 'TEXT')).join('');
  await exchange(phone, 'Settings', getOof('TEXT'), shownOof('2', nobody));
});

test('status 2: nothing that is known, or too much of it; 101 without a body', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const failed = settings('<Status>2</Status>');
  for (const version of ['12.1', '14.1'] as const) {
    await exchange(server.phone({ version }), 'Settings', settings(''), failed);
    await exchange(server.phone({ version }), 'Settings', settings('<Oof><Get/></Oof>'.repeat(21)), failed);
  }
  assert.match((await server.phone().post('Settings', null)).xml, /<Status>101</);
});

test('status 4: the store cannot answer, in every version', async (t) => {
  const { change, fail } = failingStore();
  const server = await startEas({ change });
  t.after(() => server.close());
  const phones = [server.phone(), server.phone({ version: '12.1', deviceId: 'OLD' })];
  for (const phone of phones) await exchange(phone, 'Settings', getOof('TEXT'), NOTHING);
  fail();
  for (const phone of phones) {
    await exchange(phone, 'Settings', setOof('<OofState>1</OofState>'), settings('<Status>4</Status>'));
  }
});

test('where a policy is required a device may say what it is before it has one, and nothing else', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  await server.environment.directory.setSetting(DEVICE_POLICY_SETTING, { required: true }, 'test');
  const phone = server.phone();
  phone.policyKey = '0';
  const tell = '<DeviceInformation><Set><Model>One</Model></Set></DeviceInformation>';
  await exchange(phone, 'Settings', settings(tell), informationStatus(1));
  const both = settings(`${tell.replace('One', 'Two')}<Oof><Set><OofState>1</OofState></Set></Oof>`);
  await exchange(phone, 'Settings', both, settings('<Status>142</Status>'));
  const { devices, documents } = await stateOf(server);
  assert.deepEqual([devices[0]!.information, documents], [{ Model: 'One' }, []]);
});

test('a probe may ask and set, and nothing of it is kept', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  const probe = server.phone({ deviceId: 'validate' });
  await exchange(probe, 'Settings', setOof('<OofState>1</OofState>'), oofStatus(1));
  const tell = settings('<DeviceInformation><Set><Model>One</Model></Set></DeviceInformation>');
  await exchange(probe, 'Settings', tell, informationStatus(1));
  assert.deepEqual(await stateOf(server), { devices: [], documents: [] });
  assert.equal(await server.environment.sync.store.read(server.anna.mailboxId).document(OUT_OF_OFFICE_DOCUMENT), null);
});
