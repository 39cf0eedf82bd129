import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeWbxml } from '../../../../protocols/activesync/wbxml/decode.ts';
import { wbxmlToXml } from '../../../../protocols/activesync/wbxml/to-xml.ts';
import { GatewayError } from '../../../../src/domain/errors.ts';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import { crossCheck, expectXml, needsCrossCheck } from '../../../support/eas/cross-check.ts';
import { startEas } from '../support.ts';
import { mailWithFile, plainMail } from './mail-samples.ts';

const NAMESPACES =
  'xmlns="ItemOperations:" xmlns:A="AirSync:" xmlns:B="AirSyncBase:" xmlns:E="Email:" xmlns:S="Search:" xmlns:R="RightsManagement:"';

const request = (...operations: readonly string[]) =>
  `<ItemOperations ${NAMESPACES}>${operations.join('')}</ItemOperations>`;
const fetch = (id: string, options = '') =>
  `<Fetch><Store>Mailbox</Store>${id}${options === '' ? '' : `<Options>${options}</Options>`}</Fetch>`;
const byId = (collection: string, item: string) =>
  `<A:CollectionId>${collection}</A:CollectionId><A:ServerId>${item}</A:ServerId>`;

const answered = (inner: string) =>
  `<ItemOperations xmlns="ItemOperations:"><Status>1</Status><Response>${inner}</Response></ItemOperations>`;
const failed = (status: number, named = '') => answered(`<Fetch><Status>${status}</Status>${named}</Fetch>`);
const named = (collection: string, item: string) =>
  `<CollectionId xmlns="AirSync:">${collection}</CollectionId><ServerId xmlns="AirSync:">${item}</ServerId>`;
const ofLong = (longId: string) => `<LongId xmlns="Search:">${longId}</LongId>`;

const SUBJECT = '<Schema><E:Subject/></Schema>';
const subject = (text: string) =>
  `<Class xmlns="AirSync:">Email</Class><Properties><Subject xmlns="Email:">${text}</Subject></Properties>`;

async function started(t: { after(work: () => unknown): void }) {
  const server = await startEas();
  t.after(() => server.close());
  const inbox = await server.folder('inbox');
  const item = await server.put('inbox', 'a.eml', plainMail('Hello', 'one two three'));
  return { server, inbox: String(inbox.id), serverId: `${inbox.id}:${item}`, itemId: item };
}

test(
  'MS-ASCMD §2.2.3.67.1 Fetch gives an item by CollectionId and ServerId, as libwbxml reads it',
  needsCrossCheck,
  async (t) => {
    const { server, inbox, serverId } = await started(t);
    const options = '<B:BodyPreference><B:Type>1</B:Type><B:TruncationSize>7</B:TruncationSize></B:BodyPreference>';
    await crossCheck(
      server.phone(),
      'ItemOperations',
      request(fetch(byId(inbox, serverId), options)),
      answered(`<Fetch><Status>1</Status>${named(inbox, serverId)}<Class xmlns="AirSync:">Email</Class><Properties>
      <To xmlns="Email:">anna@example.org</To><From xmlns="Email:">&quot;Carla&quot; &lt;carla@example.net&gt;</From>
      <Subject xmlns="Email:">Hello</Subject><DateReceived xmlns="Email:">2026-01-01T00:00:00.000Z</DateReceived>
      <DisplayTo xmlns="Email:">anna@example.org</DisplayTo><ThreadTopic xmlns="Email:">Hello</ThreadTopic>
      <Importance xmlns="Email:">1</Importance><Read xmlns="Email:">0</Read>
      <MessageClass xmlns="Email:">IPM.Note</MessageClass><InternetCPID xmlns="Email:">65001</InternetCPID>
      <Flag xmlns="Email:"/><ContentClass xmlns="Email:">urn:content-classes:message</ContentClass>
      <Categories xmlns="Email:"/>
      <Body xmlns="AirSyncBase:"><Type>1</Type><EstimatedDataSize>13</EstimatedDataSize><Truncated>1</Truncated><Data>one two</Data></Body>
      <NativeBodyType xmlns="AirSyncBase:">1</NativeBodyType>
      <ConversationId xmlns="Email2:">{conversation}</ConversationId><ConversationIndex xmlns="Email2:">{index}</ConversationIndex>
    </Properties></Fetch>`),
    );
  },
);

test('MS-ASCMD §2.2.3.158 Schema limits the properties; elements may come in any order', async (t) => {
  const { server, inbox, serverId } = await started(t);
  const ids = `<A:ServerId>${serverId}</A:ServerId><A:CollectionId>${inbox}</A:CollectionId>`;
  const body = request(`<Fetch><Options>${SUBJECT}</Options>${ids}<Store>mailbox</Store></Fetch>`);
  for (const version of ['12.1', '14.0', '14.1'] as const) {
    const answer = await server.phone({ version }).post('ItemOperations', body);
    expectXml(answer, answered(`<Fetch><Status>1</Status>${named(inbox, serverId)}${subject('Hello')}</Fetch>`));
  }
});

test('MS-ASCMD §2.2.3.96.2 a LongId finds the item also after it was moved', async (t) => {
  const { server, serverId, itemId } = await started(t);
  const { mailboxId } = server.anna;
  const junk = await server.folder('junk');
  await server.environment.items.store.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.moveItem(itemId, junk.id, 'x.eml'));
  const answer = await server
    .phone()
    .post('ItemOperations', request(fetch(`<S:LongId>${serverId}</S:LongId>`, SUBJECT)));
  expectXml(answer, answered(`<Fetch><Status>1</Status>${ofLong(serverId)}${subject('Hello')}</Fetch>`));
  const byOldId = await server.phone().post('ItemOperations', request(fetch(byId(serverId.split(':')[0]!, serverId))));
  expectXml(byOldId, failed(6, named(serverId.split(':')[0]!, serverId)));
});

test('MS-ASCMD §2.2.3.125.2 MIMESupport 2 and a BodyPreference of type 4 give the message itself', async (t) => {
  const { server, inbox, serverId } = await started(t);
  const options = '<A:MIMESupport>2</A:MIMESupport><B:BodyPreference><B:Type>4</B:Type></B:BodyPreference>';
  const answer = await server.phone().post('ItemOperations', request(fetch(byId(inbox, serverId), options)));
  assert.match(
    answer.xml,
    /<Type>4<\/Type>.*<Data>From: Carla &lt;carla@example.net&gt;&#13;\n.*one two three<\/Data>/s,
  );
});

test('a calendar item is fetched as its class, and only where the collection shows it', async (t) => {
  const { server } = await started(t);
  const lines = [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//y//EN', 'BEGIN:VEVENT', 'UID:u1', 'DTSTAMP:20260101T000000Z'],
    ...['DTSTART:20260105T100000Z', 'DTEND:20260105T110000Z', 'SUMMARY:Plan', 'END:VEVENT', 'END:VCALENDAR', ''],
  ];
  const id = await server.put('calendar', 'e.ics', lines.join('\r\n'));
  const calendar = await server.folder('calendar');
  const serverId = `${calendar.id}:${id}`;
  const schema = '<Schema><Subject xmlns="Calendar:"/></Schema>';
  const answer = await server.phone().post('ItemOperations', request(fetch(byId(`${calendar.id}`, serverId), schema)));
  const properties =
    '<Class xmlns="AirSync:">Calendar</Class><Properties><Subject xmlns="Calendar:">Plan</Subject></Properties>';
  expectXml(answer, answered(`<Fetch><Status>1</Status>${named(`${calendar.id}`, serverId)}${properties}</Fetch>`));
  const asTask = `${calendar.id}t`;
  const wrong = await server.phone().post('ItemOperations', request(fetch(byId(asTask, `${asTask}:${id}`))));
  expectXml(wrong, failed(6, named(asTask, `${asTask}:${id}`)));
});

test('MS-ASCMD §2.2.1.10 responses come in the order of the request, each with its own status', async (t) => {
  const { server, inbox, serverId } = await started(t);
  const body = request(
    fetch(byId(inbox, `${inbox}:999`)),
    fetch(byId(inbox, serverId), SUBJECT),
    fetch('<B:FileReference></B:FileReference>'),
    '<Fetch><Store>DocumentLibrary</Store><LinkId xmlns="DocumentLibrary:">\\\\server\\file</LinkId></Fetch>',
    fetch(`<S:LongId>nonsense</S:LongId>`),
  );
  const answer = await server.phone().post('ItemOperations', body);
  expectXml(
    answer,
    answered(`<Fetch><Status>6</Status>${named(inbox, `${inbox}:999`)}</Fetch>
      <Fetch><Status>1</Status>${named(inbox, serverId)}${subject('Hello')}</Fetch>
      <Fetch><Status>15</Status><FileReference xmlns="AirSyncBase:"/></Fetch>
      <Fetch><Status>9</Status></Fetch>
      <Fetch><Status>6</Status>${ofLong('nonsense')}</Fetch>`),
  );
});

test('other people’s items are not found, by no kind of id', async (t) => {
  const { server } = await started(t);
  // Beyond every id of Anna's own.
  let id = 0;
  for (let n = 0; n < 5; n += 1) id = await server.put('inbox', `${n}`, mailWithFile(Buffer.from('x')), server.bert);
  const inbox = String((await server.folder('inbox', server.bert)).id);
  const body = request(
    fetch(byId(inbox, `${inbox}:${id}`), SUBJECT),
    fetch(`<S:LongId>${inbox}:${id}</S:LongId>`, SUBJECT),
    fetch(`<B:FileReference>${inbox}:${id}:2</B:FileReference>`),
  );
  const statusesFor = async (user: string) => {
    const { xml } = await server.phone({ user }).post('ItemOperations', body);
    return [...xml.matchAll(/<Fetch><Status>(\d+)/g)].map(([, status]) => status);
  };
  assert.deepEqual(await statusesFor('bert'), ['1', '1', '1']);
  assert.deepEqual(await statusesFor('anna'), ['6', '6', '15']);
});

test('ids are looked up in the mailbox of who asks: the same id names another item for another person', async (t) => {
  const { server, inbox, serverId } = await started(t);
  await server.put('inbox', 'b.eml', plainMail('Bert’s own', 'x'), server.bert);
  const answer = await server
    .phone({ user: 'bert' })
    .post('ItemOperations', request(fetch(byId(inbox, serverId), SUBJECT)));
  assert.doesNotMatch(answer.xml, /Hello/);
});

test('status 2 a Fetch with an id that is too long or an option that is none; the others are done', async (t) => {
  const { server, inbox, serverId } = await started(t);
  const long = 'x'.repeat(65);
  const cases = [
    fetch(byId(inbox, long)),
    fetch(byId(long, serverId)),
    fetch(`<S:LongId>${'1'.repeat(257)}</S:LongId>`),
  ];
  for (const operation of cases) {
    const { xml } = await server.phone().post('ItemOperations', request(operation));
    assert.match(xml, /<Response><Fetch><Status>2<\/Status>/, operation);
  }
});

test('MS-ASCMD_R765 MS-ASCMD_R3547 status 2 of the whole command: a Fetch without Store, with no id, an empty one or several, or with an empty Range', async (t) => {
  const { server, inbox, serverId } = await started(t);
  const cases = [
    `<Fetch>${byId(inbox, serverId)}</Fetch>`,
    fetch(''),
    fetch(byId(inbox, '')),
    fetch(`${byId(inbox, serverId)}<S:LongId>${serverId}</S:LongId>`),
    fetch(`<B:FileReference>${serverId}:2</B:FileReference>`.repeat(2)),
    fetch(byId(inbox, serverId), '<Range/>'),
  ];
  const empty = `<EmptyFolderContents><A:CollectionId>${inbox}</A:CollectionId></EmptyFolderContents>`;
  for (const version of ['12.1', '14.0', '14.1'] as const) {
    for (const operation of cases) {
      const answer = await server.phone({ version }).post('ItemOperations', request(empty, operation));
      expectXml(answer, '<ItemOperations xmlns="ItemOperations:"><Status>2</Status></ItemOperations>');
    }
  }
  const { itemCount } = await server.environment.items.store.read(server.anna.mailboxId).mailbox();
  assert.equal(itemCount, 1, 'nothing was emptied');
});

test('status 2 of the whole command: no operation, an unknown one, or Move in 12.1; nothing is done', async (t) => {
  const { server, inbox } = await started(t);
  const empty = `<EmptyFolderContents><A:CollectionId>${inbox}</A:CollectionId></EmptyFolderContents>`;
  const refusal = '<ItemOperations xmlns="ItemOperations:"><Status>2</Status></ItemOperations>';
  expectXml(await server.phone().post('ItemOperations', request()), refusal);
  expectXml(await server.phone().post('ItemOperations', request(empty, '<A:CollectionId>1</A:CollectionId>')), refusal);
  const move = '<Move><ConversationId>AAAA</ConversationId><DstFldId>1</DstFldId></Move>';
  expectXml(await server.phone({ version: '12.1' }).post('ItemOperations', request(empty, move)), refusal);
  expectXml(await server.phone().post('ItemOperations', `<Sync xmlns="AirSync:"/>`), refusal);
  assert.equal((await server.environment.items.store.read(server.anna.mailboxId).mailbox()).itemCount, 1);
});

test('status 11 more than 100 operations; 100 are done', async (t) => {
  const { server, inbox, serverId } = await started(t);
  const one = fetch(byId(inbox, serverId), SUBJECT);
  const full = await server.phone().post('ItemOperations', request(...Array.from({ length: 100 }, () => one)));
  assert.equal(full.xml.match(/<Fetch><Status>1</g)?.length, 100);
  const over = await server.phone().post('ItemOperations', request(...Array.from({ length: 101 }, () => one)));
  expectXml(over, '<ItemOperations xmlns="ItemOperations:"><Status>11</Status></ItemOperations>');
});

test('status 14 an item that cannot be shown', async (t) => {
  const { server, inbox } = await started(t);
  const parts = Array.from({ length: 10_001 }, () => '--b\r\n\r\nx\r\n').join('');
  const id = await server.put('inbox', 'p.eml', `Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--\r\n`);
  const answer = await server.phone().post('ItemOperations', request(fetch(byId(inbox, `${inbox}:${id}`))));
  expectXml(answer, failed(14, named(inbox, `${inbox}:${id}`)));
});

test('status 3 the store cannot answer', async (t) => {
  const { server, inbox, serverId } = await started(t);
  const { items } = server.environment;
  const broken = () => {
    throw new GatewayError('store-unavailable', { reason: 'test' });
  };
  t.mock.method(items.store, 'read', broken);
  const answer = await server.phone().post('ItemOperations', request(fetch(byId(inbox, serverId))));
  expectXml(answer, '<ItemOperations xmlns="ItemOperations:"><Status>3</Status></ItemOperations>');
});

test('MS-ASCON_R241 status 164 of a Fetch: a BodyPartPreference that is not HTML; RightsManagementSupport changes nothing', async (t) => {
  const { server, inbox, serverId } = await started(t);
  const ask = (type: number) => {
    const options = `<B:BodyPartPreference><B:Type>${type}</B:Type></B:BodyPartPreference><R:RightsManagementSupport>1</R:RightsManagementSupport>${SUBJECT}`;
    return server.phone().post('ItemOperations', request(fetch(byId(inbox, serverId), options)));
  };
  expectXml(await ask(1), failed(164, named(inbox, serverId)));
  expectXml(await ask(2), answered(`<Fetch><Status>1</Status>${named(inbox, serverId)}${subject('Hello')}</Fetch>`));
});

test('MS-ASCMD §2.2.1.10.1 with MS-ASAcceptMultiPart the body is a part, and the document says which', async (t) => {
  const { server, inbox, serverId } = await started(t);
  const answer = await server
    .phone()
    .post('ItemOperations', request(fetch(byId(inbox, serverId))), { headers: { 'MS-ASAcceptMultiPart': 'T' } });
  assert.equal(answer.headers['content-type'], 'application/vnd.ms-sync.multipart');
  const count = answer.body.readUInt32LE(0);
  assert.equal(count, 2);
  const [offset, length] = [answer.body.readUInt32LE(12), answer.body.readUInt32LE(16)];
  assert.equal(answer.body.toString('utf8', offset, offset + length), 'one two three');
  assert.equal(offset + length, answer.body.length);
});

test('MS-ASAIRS §2.2.2.10 a BodyPart of 14.1 is a part of its own beside the body', async (t) => {
  const { server, inbox, serverId } = await started(t);
  const form = (name: string) => `<B:${name}><B:Type>2</B:Type></B:${name}>`;
  const body = request(fetch(byId(inbox, serverId), form('BodyPreference') + form('BodyPartPreference')));
  const answer = await server.phone().post('ItemOperations', body, { headers: { 'MS-ASAcceptMultiPart': 'T' } });
  assert.equal(answer.body.readUInt32LE(0), 3);
  const texts = [1, 2].map((at) => {
    const [offset, length] = [answer.body.readUInt32LE(4 + 8 * at), answer.body.readUInt32LE(8 + 8 * at)];
    return answer.body.toString('utf8', offset, offset + length);
  });
  assert.equal(texts.filter((text) => text.includes('one two three')).length, 2);
});

test('MS-ASCON_R245 R246 R247 R248 Body and BodyPart are given as each is asked for; Body where nothing is', async (t) => {
  const { server, inbox, serverId } = await started(t);
  const body = '<B:BodyPreference><B:Type>2</B:Type></B:BodyPreference>';
  const part = '<B:BodyPartPreference><B:Type>2</B:Type><B:TruncationSize>12</B:TruncationSize></B:BodyPartPreference>';
  const given = async (options: string) => {
    const { xml } = await server.phone().post('ItemOperations', request(fetch(byId(inbox, serverId), options)));
    return [...xml.matchAll(/<(Body|BodyPart) xmlns="AirSyncBase:">/g)].map(([, name]) => name);
  };
  assert.deepEqual(await given(''), ['Body']);
  assert.deepEqual(await given(body), ['Body']);
  assert.deepEqual(await given(part), ['BodyPart']);
  assert.deepEqual(await given(body + part), ['Body', 'BodyPart']);
});

test('MS-ASAIRS §2.2.2.9 the Part of a body stands behind its Preview', async (t) => {
  const { server, inbox, serverId } = await started(t);
  const options = '<B:BodyPreference><B:Type>1</B:Type><B:Preview>7</B:Preview></B:BodyPreference>';
  const answer = await server.phone().post('ItemOperations', request(fetch(byId(inbox, serverId), options)), {
    headers: { 'MS-ASAcceptMultiPart': 'T' },
  });
  const [offset, length] = [answer.body.readUInt32LE(4), answer.body.readUInt32LE(8)];
  const xml = wbxmlToXml(decodeWbxml(answer.body.subarray(offset, offset + length)));
  assert.match(xml, /<Preview>one two<\/Preview><Part xmlns="ItemOperations:">1<\/Part><\/Body>/);
});
