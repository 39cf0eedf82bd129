import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../src/domain/errors.ts';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import { crossCheck, expectXml, needsCrossCheck } from '../../../support/eas/cross-check.ts';
import type { PhoneAnswer } from '../../../support/eas/phone.ts';
import { type EasServer, type EasServerOptions, startEas } from '../support.ts';
import { plainMail } from './mail-samples.ts';

const search = (conditions: string, options = '') => `
  <Search xmlns="Search:" xmlns:A="AirSync:" xmlns:B="AirSyncBase:" xmlns:E="Email:"><Store><Name>Mailbox</Name>
    <Query><And>${conditions}</And></Query>${options === '' ? '' : `<Options>${options}</Options>`}</Store></Search>`;
const text = (words: string) => `<A:Class>Email</A:Class><FreeText>${words}</FreeText>`;
const within = (id: number | string) => `<A:CollectionId>${id}</A:CollectionId>`;
const received = (which: 'GreaterThan' | 'LessThan', date: string) =>
  `<${which}><E:DateReceived/><Value>${date}</Value></${which}>`;

const refused = (status: number) => `
  <Search xmlns="Search:"><Status>1</Status><Response><Store><Status>${status}</Status></Store></Response></Search>`;
const NOTHING = `
  <Search xmlns="Search:"><Status>1</Status><Response><Store><Status>1</Status><Result/><Total>0</Total></Store></Response></Search>`;

async function started(t: { after(work: () => unknown): void }, options: EasServerOptions = {}) {
  const server = await startEas(options);
  t.after(() => server.close());
  const inbox = await server.folder('inbox');
  const put = async (subject: string, body: string, more: readonly string[] = []) => {
    server.clock.advance(1_000);
    return server.put('inbox', subject, plainMail(subject, body, more));
  };
  return { server, inbox: inbox.id, put };
}

/** Subjects found, in order. */
function subjects({ xml }: PhoneAnswer): string[] {
  return [...xml.matchAll(/<Subject xmlns="Email:">([^<]*)</g)].map(([, subject]) => subject!);
}

const ask = (server: EasServer, conditions: string, options = '', user = 'anna') =>
  server.phone({ user }).post('Search', search(conditions, options));

test(
  'MS-ASCMD §2.2.1.16 a mailbox search answers with Class, LongId, CollectionId and Properties, Range and Total',
  needsCrossCheck,
  async (t) => {
    const { server, inbox, put } = await started(t);
    const id = await put('Budget', 'one two three');
    await put('Lunch', 'nothing of it');
    const options =
      '<Range>0-9</Range><B:BodyPreference><B:Type>1</B:Type><B:TruncationSize>3</B:TruncationSize></B:BodyPreference>';
    const expected = `<Search xmlns="Search:"><Status>1</Status><Response><Store><Status>1</Status><Result>
      <Class xmlns="AirSync:">Email</Class><LongId>${inbox}:${id}</LongId><CollectionId xmlns="AirSync:">${inbox}</CollectionId>
      <Properties><To xmlns="Email:">anna@example.org</To>
        <From xmlns="Email:">&quot;Carla&quot; &lt;carla@example.net&gt;</From><Subject xmlns="Email:">Budget</Subject>
        <DateReceived xmlns="Email:">2026-01-01T00:00:01.000Z</DateReceived>
        <DisplayTo xmlns="Email:">anna@example.org</DisplayTo><ThreadTopic xmlns="Email:">Budget</ThreadTopic>
        <Importance xmlns="Email:">1</Importance><Read xmlns="Email:">0</Read>
        <MessageClass xmlns="Email:">IPM.Note</MessageClass><InternetCPID xmlns="Email:">65001</InternetCPID>
        <Flag xmlns="Email:"/><ContentClass xmlns="Email:">urn:content-classes:message</ContentClass>
        <Categories xmlns="Email:"/>
        <Body xmlns="AirSyncBase:"><Type>1</Type><EstimatedDataSize>13</EstimatedDataSize><Truncated>1</Truncated><Data>one</Data></Body>
        <NativeBodyType xmlns="AirSyncBase:">1</NativeBodyType>
        <ConversationId xmlns="Email2:">{conversation}</ConversationId><ConversationIndex xmlns="Email2:">{index}</ConversationIndex>
      </Properties></Result><Range>0-0</Range><Total>1</Total></Store></Response></Search>`;
    await crossCheck(server.phone(), 'Search', search(text('budget'), options), expected);
  },
);

test('a LongId of a result is fetched by ItemOperations', async (t) => {
  const { server, put } = await started(t);
  await put('Budget', 'x');
  const longId = /<LongId>([^<]+)</.exec((await ask(server, text('budget'))).xml)![1]!;
  const fetch = `<ItemOperations xmlns="ItemOperations:" xmlns:S="Search:"><Fetch><Store>Mailbox</Store><S:LongId>${longId}</S:LongId></Fetch></ItemOperations>`;
  assert.deepEqual(subjects(await server.phone().post('ItemOperations', fetch)), ['Budget']);
});

test('FreeText: subject, people and body, all words by their beginnings, without case and accents; newest first', async (t) => {
  const { server, put } = await started(t);
  await put('Über Müller', 'alpha beta');
  await put('Second', 'ALPHA gamma');
  assert.deepEqual(subjects(await ask(server, text('alpha'))), ['Second', 'Über Müller']);
  assert.deepEqual(subjects(await ask(server, text('uber mull'))), ['Über Müller']);
  assert.deepEqual(subjects(await ask(server, text('ÜBER bet'))), ['Über Müller']);
  assert.deepEqual(subjects(await ask(server, text('carla@example gam'))), ['Second']);
  assert.deepEqual(subjects(await ask(server, text('alp del'))), []);
  expectXml(await ask(server, text('…')), NOTHING);
});

test('a message is found at once after it came, where it lies now, and not when it is gone', async (t) => {
  const { server, inbox, put } = await started(t);
  const id = await put('Contract', 'x');
  assert.deepEqual(subjects(await ask(server, text('contract') + within(inbox))), ['Contract']);
  const junk = await server.folder('junk');
  await server.environment.items.store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) =>
    tx.moveItem(id, junk.id, 'c'),
  );
  expectXml(await ask(server, text('contract') + within(inbox)), NOTHING);
  assert.deepEqual(subjects(await ask(server, text('contract') + within(junk.id))), ['Contract']);
  await server.remove(id);
  expectXml(await ask(server, text('contract')), NOTHING);
});

test('MS-ASCMD §2.2.3.44 DeepTraversal searches the folders below as well; CollectionId 0, or none, is everywhere', async (t) => {
  const { server, inbox, put } = await started(t);
  const { store } = server.environment.items;
  const folder = {
    parentId: inbox,
    itemClass: 'mail',
    role: null,
    name: 'b',
    displayName: null,
    components: [],
    properties: {},
  } as const;
  const below = await store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) => tx.createFolder(folder));
  const id = await put('Deep', 'x');
  await store.write(server.anna.mailboxId, CLIENT_ORIGIN, (tx) => tx.moveItem(id, below.id, 'd'));
  expectXml(await ask(server, text('deep') + within(inbox)), NOTHING);
  assert.deepEqual(subjects(await ask(server, text('deep') + within(inbox), '<DeepTraversal/>')), ['Deep']);
  assert.deepEqual(subjects(await ask(server, text('deep') + within(0))), ['Deep']);
  assert.deepEqual(subjects(await ask(server, text('deep'), '<RebuildResults/>')), ['Deep']);
});

test('MS-ASCMD §2.2.3.80 DateReceived is compared in seconds, neither end included', async (t) => {
  const { server, put } = await started(t);
  for (const name of ['a1', 'a2', 'a3']) await put(name, 'x');
  const [first, third] = ['2026-01-01T00:00:01.000Z', '2026-01-01T00:00:03.000Z'];
  const both = received('GreaterThan', first) + received('LessThan', third);
  assert.deepEqual(subjects(await ask(server, text('a') + both)), ['a2']);
  assert.deepEqual(subjects(await ask(server, text('a') + received('GreaterThan', first))), ['a3', 'a2']);
  assert.deepEqual(subjects(await ask(server, received('LessThan', third))), ['a2', 'a1']);
});

test('MS-ASCMD §2.2.3.35.2 ConversationId finds the messages of a thread in all folders', async (t) => {
  const { server, put } = await started(t);
  await put('Plan', 'x');
  await put('Answer', 'x', [`In-Reply-To: <${Buffer.from('Plan').toString('hex')}@example.net>`]);
  await put('Else', 'x');
  const id = /ConversationId[^>]*>([^<]+)</.exec((await ask(server, text('plan'))).xml)![1]!;
  assert.deepEqual(subjects(await ask(server, `<ConversationId>${id}</ConversationId>`)), ['Answer', 'Plan']);
});

test('MS-ASCMD §2.2.3.143.2 ranges cut the results; Total counts all; 12 behind the last', async (t) => {
  const { server, put } = await started(t);
  for (let n = 0; n < 130; n += 1) await put(`m${n}`, 'common');
  const first = await ask(server, text('common'));
  assert.equal(subjects(first).length, 100);
  assert.match(first.xml, /<Range>0-99<\/Range><Total>130<\/Total>/);
  const second = await ask(server, text('common'), '<Range>100-500</Range>');
  assert.match(second.xml, /<Range>100-129<\/Range><Total>130<\/Total>/);
  assert.equal(new Set([...subjects(first), ...subjects(second)]).size, 130);
  expectXml(await ask(server, text('common'), '<Range>130-140</Range>'), refused(12));
});

test('an answer stops at its limit in bytes, and its Range says where', async (t) => {
  const { server, put } = await started(t, { limits: { maxAnswerBytes: 2_500 } });
  for (let n = 0; n < 5; n += 1) await put(`m${n}`, `common ${'x'.repeat(900)}`);
  const { xml } = await ask(server, text('common'), '<Range>0-4</Range>');
  assert.match(xml, /<Range>0-0<\/Range><Total>5<\/Total>|<Range>0-1<\/Range><Total>5<\/Total>/);
});

test('who asks for no form of body gets its first 1024 bytes', async (t) => {
  const { server, put } = await started(t);
  await put('Long', 'y'.repeat(3_000));
  const data = /<Data>(y+)<\/Data>/.exec((await ask(server, text('long'))).xml)?.[1];
  assert.equal(data?.length, 1_024);
});

test('status 2 no Query, nothing in it, empty text, a bad range or date, or a class that is not there', async (t) => {
  const { server, put } = await started(t);
  await put('x', 'x');
  const calendar = (await server.folder('calendar')).id;
  const bad = [
    search(''),
    search('<FreeText/>'),
    search(text('x'), '<Range>5-1</Range>'),
    search(text('x'), '<Range>some</Range>'),
    search(text('x') + received('GreaterThan', 'yesterday')),
    search(`${text('x')}<GreaterThan><Value>2026-01-01T00:00:00.000Z</Value></GreaterThan>`),
    search(`${text('x')}<LessThan><E:DateReceived/></LessThan>`),
    search('<A:Class>SMS</A:Class><FreeText>x</FreeText>'),
    search(text('x') + within(calendar)),
    search(text('x') + within('1'.repeat(65))),
    search('<ConversationId/>'),
    search(text('x'), '<A:MIMESupport>9</A:MIMESupport>'),
    '<Search xmlns="Search:"><Store><Name>Mailbox</Name></Store></Search>',
  ];
  for (const request of bad) expectXml(await server.phone().post('Search', request), refused(2));
});

test('status 8 a query with Or, nesting, another property, too many words or too much text', async (t) => {
  const { server } = await started(t);
  const complex = [
    `<Or>${text('x')}</Or>`,
    `<And>${text('x')}</And>`,
    '<GreaterThan><E:Subject/><Value>2026-01-01T00:00:00.000Z</Value></GreaterThan>',
    '<EqualTo><E:Read/><Value>1</Value></EqualTo>',
    text(Array.from({ length: 33 }, (_, n) => `w${n}`).join(' ')),
    text('x'.repeat(5_000)),
  ];
  for (const conditions of complex) expectXml(await ask(server, conditions), refused(8));
});

test('MS-ASCMD_R772 MS-ASCMD_R923 MS-ASCMD_R2032 MS-ASCMD_R3105 status 8 a second And, or a condition beside it', async (t) => {
  const { server } = await started(t);
  const inbox = (await server.folder('inbox')).id;
  const and = `<And>${text('x')}</And>`;
  const time = (name: string, value: string) => `<${name}><E:DateReceived/><Value>${value}</Value></${name}>`;
  for (const beside of [
    and,
    '<A:Class>Email</A:Class>',
    `<A:CollectionId>${inbox}</A:CollectionId>`,
    '<FreeText>x</FreeText>',
    '<ConversationId>AAAA</ConversationId>',
    time('GreaterThan', '2012-03-28T07:31:09.314Z'),
    time('LessThan', '50'),
  ]) {
    const xml = search('').replace('<And></And>', beside + and);
    for (const version of ['12.1', '14.0', '14.1'] as const) {
      expectXml(await server.phone({ version }).post('Search', xml), refused(8));
    }
  }
});

test('MS-ASCMD_R4329 MS-ASCMD_R5815 status 2 a property that is no condition, and two conversations', async (t) => {
  const { server } = await started(t);
  expectXml(await ask(server, `${text('x')}<E:To>anna@example.org</E:To>`), refused(2));
  expectXml(await ask(server, '<ConversationId>AAAA</ConversationId>'.repeat(2) + text('x')), refused(2));
});

test('MS-ASCMD_R920 MS-ASCMD_R922 collections and classes may stand beside each other', async (t) => {
  const { server, put } = await started(t);
  await put('Budget', 'x');
  const [inbox, calendar, contacts] = await Promise.all(
    (['inbox', 'calendar', 'contacts'] as const).map(async (role) => within(String((await server.folder(role)).id))),
  );
  const classes = ['Tasks', 'Email', 'Calendar', 'Contacts', 'Notes', 'SMS'].map(
    (name) => `<A:Class>${name}</A:Class>`,
  );
  const where = `${inbox}${calendar}${contacts}`;
  assert.deepEqual(subjects(await ask(server, `${where}${classes.join('')}<FreeText>budget</FreeText>`)), ['Budget']);
  assert.deepEqual(subjects(await ask(server, `${where}<FreeText>budget</FreeText>`)), ['Budget']);
  expectXml(await ask(server, `${calendar}${contacts}<FreeText>budget</FreeText>`), NOTHING);
});

test('MS-ASCMD_R2143 MS-ASCMD_R3374 MS-ASCMD_R3723 MS-ASCMD_R3747 MS-ASCMD_R4535 options and stores that come twice are taken once', async (t) => {
  const { server, put } = await started(t);
  await put('Budget', 'x');
  const twice = ['<DeepTraversal/>', '<A:MIMESupport>2</A:MIMESupport>', '<Range>0-9</Range>', '<RebuildResults/>'];
  for (const option of twice) {
    assert.deepEqual(subjects(await ask(server, text('budget'), option.repeat(2))), ['Budget']);
  }
  const stores = search(text('budget')).replace(/<Store>.*<\/Store>/s, (store) => store.repeat(2));
  assert.deepEqual(subjects(await server.phone().post('Search', stores)), ['Budget']);
});

test('MS-ASCON_R241 status 164 of the store: a BodyPartPreference that is not HTML', async (t) => {
  const { server, put } = await started(t);
  await put('Budget', 'x');
  const option = '<B:BodyPartPreference><B:Type>3</B:Type></B:BodyPartPreference>';
  expectXml(await ask(server, text('budget'), option), refused(164));
});

test('status 11 a collection that is not there', async (t) => {
  const { server } = await started(t);
  for (const id of ['999', 'nonsense']) expectXml(await ask(server, text('x') + within(id)), refused(11));
});

test('status 10 the time is over before all words are known: what was found is given, the next search has the rest', async (t) => {
  const { server, put } = await started(t, { limits: { maxSearchMs: 0 } });
  for (let n = 0; n < 120; n += 1) await put(`m${n}`, 'common');
  const first = await ask(server, text('common'));
  assert.match(first.xml, /<Store><Status>10<\/Status>/);
  assert.match(first.xml, /<Range>0-49<\/Range><Total>50<\/Total>/);
  await ask(server, text('common'));
  const third = await ask(server, text('common'));
  assert.match(third.xml, /<Store><Status>1<\/Status>.*<Total>120<\/Total>/s);
});

test('status 3 of the command: the store cannot answer', async (t) => {
  const { server } = await started(t);
  t.mock.method(server.environment.search, 'search', () => {
    throw new GatewayError('store-unavailable', { reason: 'test' });
  });
  expectXml(await ask(server, text('x')), '<Search xmlns="Search:"><Status>3</Status></Search>');
});

test('nobody finds another person’s mail, nor searches in their folders', async (t) => {
  const { server } = await started(t);
  await server.put('inbox', 's', plainMail('Secret', 'x'), server.bert);
  assert.deepEqual(subjects(await ask(server, text('secret'), '', 'bert')), ['Secret']);
  expectXml(await ask(server, text('secret')), NOTHING);
});

test('12.1 and 14.0 search as 14.1 does, without what they do not know', async (t) => {
  const { server, put } = await started(t);
  await put('Budget', 'x');
  for (const version of ['12.1', '14.0'] as const) {
    const answer = await server.phone({ version }).post('Search', search(text('budget')));
    assert.deepEqual(subjects(answer), ['Budget']);
    assert.equal(answer.xml.includes('ConversationId'), version === '14.0');
  }
  assert.deepEqual(
    server.lines.filter(({ level }) => level === 'error'),
    [],
  );
});
