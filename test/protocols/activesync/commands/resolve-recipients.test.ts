import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../src/domain/errors.ts';
import { type EasServer, startEas } from '../support.ts';
import { exchange } from './exchange.ts';

const PHOTO = Buffer.from('a photo of Bea');

function card(uid: string, name: string, addresses: readonly string[], more = ''): string {
  const emails = addresses.map((address) => `EMAIL:${address}\r\n`).join('');
  return `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:${uid}\r\nFN:${name}\r\nN:;${name};;;\r\n${emails}${more}END:VCARD\r\n`;
}

const photo = `PHOTO;ENCODING=b;TYPE=JPEG:${PHOTO.toString('base64')}\r\n`;

async function startWithContacts(): Promise<EasServer> {
  const server = await startEas();
  await server.put('contacts', 'bea.vcf', card('1', 'Béa Bernard', ['bea@example.net', 'bb@example.com'], photo));
  await server.put(
    'contacts',
    'ben.vcf',
    card('2', 'Ben Bertram', ['ben@example.net'], 'PHOTO;VALUE=uri:http://x\r\n'),
  );
  await server.put('contacts', 'own.vcf', card('3', 'Bert at work', ['BERT@example.org']));
  await server.put('contacts', 'none.vcf', card('4', 'Berta', []));
  await server.put('contacts', 'secret.vcf', card('5', 'Berthold Secret', ['s@example.net']), server.bert);
  return server;
}

const resolve = (names: readonly string[], options = '') => `
  <ResolveRecipients xmlns="ResolveRecipients:">
    ${names.map((name) => `<To>${name}</To>`).join('')}${options === '' ? '' : `<Options>${options}</Options>`}
  </ResolveRecipients>`;

const answered = (...responses: readonly string[]) => `
  <ResolveRecipients xmlns="ResolveRecipients:"><Status>1</Status>${responses.join('')}</ResolveRecipients>`;

const response = (to: string, status: number, count: number, recipients = '') => `
  <Response><To>${to}</To><Status>${status}</Status>
    ${count === 0 ? '' : `<RecipientCount>${count}</RecipientCount>`}${recipients}
  </Response>`;

const recipient = (type: number, name: string, address: string, more = '') => `
  <Recipient><Type>${type}</Type><DisplayName>${name}</DisplayName><EmailAddress>${address}</EmailAddress>${more}</Recipient>`;

const failed = (status: number) =>
  `<ResolveRecipients xmlns="ResolveRecipients:"><Status>${status}</Status></ResolveRecipients>`;

const BERT = recipient(1, 'bert', 'bert@example.org');
const BEA = recipient(2, 'Béa Bernard', 'bea@example.net');
const BEA_2 = recipient(2, 'Béa Bernard', 'bb@example.com');
const BEN = recipient(2, 'Ben Bertram', 'ben@example.net');

test('MS-ASCMD §2.2.1.15 names are of users (1) and of own contacts (2), without regard to case and accents', async (t) => {
  const server = await startWithContacts();
  t.after(() => server.close());
  await exchange(
    server.phone(),
    'ResolveRecipients',
    resolve(['BEN', 'anna', 'BEA@example.net', 'bert@example.org', 'nobody', 'bb@']),
    answered(
      response('BEN', 1, 1, BEN),
      response('anna', 1, 1, recipient(1, 'anna', 'anna@example.org')),
      response('BEA@example.net', 1, 1, BEA),
      response('bert@example.org', 1, 1, BERT),
      response('nobody', 4, 0),
      response('bb@', 1, 1, BEA_2),
    ),
  );
});

test('status 2: all whom an ambiguous name may mean; users first, each address once', async (t) => {
  const server = await startWithContacts();
  t.after(() => server.close());
  const everybody = answered(response('be', 2, 4, BERT + BEA + BEA_2 + BEN));
  for (const version of ['12.1', '14.1'] as const) {
    await exchange(server.phone({ version }), 'ResolveRecipients', resolve(['be']), everybody);
  }
});

test('status 3: as many as MaxAmbiguousRecipients lets, RecipientCount tells how many there are', async (t) => {
  const server = await startWithContacts();
  t.after(() => server.close());
  const max = (count: number) => `<MaxAmbiguousRecipients>${count}</MaxAmbiguousRecipients>`;
  const phone = server.phone();
  await exchange(phone, 'ResolveRecipients', resolve(['be'], max(2)), answered(response('be', 3, 4, BERT + BEA)));
  await exchange(phone, 'ResolveRecipients', resolve(['be'], max(0)), answered(response('be', 3, 4)));
  await exchange(phone, 'ResolveRecipients', resolve(['ben'], max(0)), answered(response('ben', 1, 1, BEN)));
});

test('contacts of other people are never found', async (t) => {
  const server = await startWithContacts();
  t.after(() => server.close());
  const nobody = answered(response('secret', 4, 0), response('s@example.net', 4, 0));
  await exchange(server.phone(), 'ResolveRecipients', resolve(['secret', 's@example.net']), nobody);
  const found = answered(response('secret', 1, 1, recipient(2, 'Berthold Secret', 's@example.net')));
  await exchange(server.phone({ user: 'bert' }), 'ResolveRecipients', resolve(['secret']), found);
  const bea = answered(response('bea', 4, 0));
  await exchange(server.phone({ user: 'bert' }), 'ResolveRecipients', resolve(['bea']), bea);
});

test('contacts that were added, changed and removed meanwhile are found as they are', async (t) => {
  const server = await startWithContacts();
  t.after(() => server.close());
  const phone = server.phone();
  await exchange(phone, 'ResolveRecipients', resolve(['zoe']), answered(response('zoe', 4, 0)));
  const id = await server.put('contacts', 'zoe.vcf', card('9', 'Zoé', ['z@example.net']));
  const zoe = (address: string) => answered(response('zoe', 1, 1, recipient(2, 'Zoé', address)));
  await exchange(phone, 'ResolveRecipients', resolve(['zoe']), zoe('z@example.net'));
  await server.put('contacts', 'zoe.vcf', card('9', 'Zoé', ['zz@example.net']));
  await exchange(phone, 'ResolveRecipients', resolve(['zoe']), zoe('zz@example.net'));
  await server.remove(id);
  await exchange(phone, 'ResolveRecipients', resolve(['zoe']), answered(response('zoe', 4, 0)));
});

test('status 5: no name, too many or too long ones, options that are none; in every version', async (t) => {
  const server = await startWithContacts();
  t.after(() => server.close());
  for (const wrong of [
    resolve([]),
    resolve(new Array(101).fill('be')),
    resolve(['b'.repeat(257)]),
    resolve(['be'], '<MaxAmbiguousRecipients>10000</MaxAmbiguousRecipients>'),
    resolve(['be'], '<MaxAmbiguousRecipients>some</MaxAmbiguousRecipients>'),
    resolve(['be'], '<CertificateRetrieval>4</CertificateRetrieval>'),
  ]) {
    await exchange(server.phone(), 'ResolveRecipients', wrong, failed(5));
    await exchange(server.phone({ version: '12.1' }), 'ResolveRecipients', wrong, failed(5));
  }
  assert.match((await server.phone().post('ResolveRecipients', null)).xml, /<Status>101</);
});

test('status 6: the directory cannot answer, in every version', async (t) => {
  const users = async () => {
    throw new GatewayError('store-unavailable', { reason: 'closed' });
  };
  const server = await startEas({
    change: (environment) => ({ ...environment, directory: { ...environment.directory, users } }),
  });
  t.after(() => server.close());
  for (const version of ['12.1', '14.1'] as const) {
    await exchange(server.phone({ version }), 'ResolveRecipients', resolve(['be']), failed(6));
  }
});

test('certificates status 7: nobody has one; only said of somebody who is surely meant', async (t) => {
  const server = await startWithContacts();
  t.after(() => server.close());
  const none = '<Certificates><Status>7</Status><CertificateCount>0</CertificateCount></Certificates>';
  const ben = recipient(2, 'Ben Bertram', 'ben@example.net', none);
  for (const retrieval of ['2', '3']) {
    const options = `<CertificateRetrieval>${retrieval}</CertificateRetrieval><MaxCertificates>5</MaxCertificates>`;
    await exchange(
      server.phone({ version: '12.1' }),
      'ResolveRecipients',
      resolve(['ben', 'be'], options),
      answered(response('ben', 1, 1, ben), response('be', 2, 4, BERT + BEA + BEA_2 + BEN)),
    );
  }
});

const event = (uid: string, start: string, end: string, more = '') =>
  `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:${uid}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:${start}\r\nDTEND:${end}\r\n${more}END:VEVENT\r\nEND:VCALENDAR\r\n`;

const span = (start: string, end: string) => `
  <Availability><StartTime>${start}</StartTime>${end === '' ? '' : `<EndTime>${end}</EndTime>`}</Availability>`;

test('MS-ASCMD §2.2.3.16 availability: own half hours by what keeps busy most; 163 of everybody else', async (t) => {
  const server = await startWithContacts();
  t.after(() => server.close());
  await server.put('calendar', '1.ics', event('1', '20260105T090000Z', '20260105T093000Z', 'RRULE:FREQ=DAILY\r\n'));
  await server.put('calendar', '2.ics', event('2', '20260106T094000Z', '20260106T100500Z', 'STATUS:TENTATIVE\r\n'));
  await server.put('calendar', '3.ics', event('3', '20260106T080000Z', '20260106T200000Z', 'TRANSP:TRANSPARENT\r\n'));
  await server.put('calendar', '4.ics', event('4', '20260106T080000Z', '20260106T200000Z'), server.bert);
  const failure = '<Availability><Status>163</Status></Availability>';
  const free = (digits: string) =>
    recipient(
      1,
      'anna',
      'anna@example.org',
      `<Availability><Status>1</Status><MergedFreeBusy>${digits}</MergedFreeBusy></Availability>`,
    );
  const options = span('2026-01-06T08:30:00.000Z', '2026-01-06T10:45:00.000Z');
  await exchange(
    server.phone({ version: '14.0' }),
    'ResolveRecipients',
    resolve(['anna', 'bert@example.org', 'ben', 'be'], options),
    answered(
      response('anna', 1, 1, free('02110')),
      response('bert@example.org', 1, 1, recipient(1, 'bert', 'bert@example.org', failure)),
      response('ben', 1, 1, recipient(2, 'Ben Bertram', 'ben@example.net', failure)),
      response('be', 2, 4, BERT + BEA + BEA_2 + BEN),
    ),
  );
  const week = await server.phone().post('ResolveRecipients', resolve(['anna'], span('2026-01-06T00:00:00Z', '')));
  assert.equal(/<MergedFreeBusy>(\d+)</.exec(week.xml)?.[1]?.length, 7 * 48);
  const before = answered(response('anna', 1, 1, recipient(1, 'anna', 'anna@example.org')));
  await exchange(server.phone({ version: '12.1' }), 'ResolveRecipients', resolve(['anna'], options), before);
});

test('status 5: a span without start, that ends before it begins, of more than 42 days, or of no dates', async (t) => {
  const server = await startWithContacts();
  t.after(() => server.close());
  for (const options of [
    '<Availability/>',
    span('2026-01-06T10:00:00Z', '2026-01-06T10:00:00Z'),
    span('2026-01-06T10:00:00Z', '2026-02-17T10:00:01Z'),
    span('today', '2026-02-17T10:00:01Z'),
  ]) {
    await exchange(server.phone(), 'ResolveRecipients', resolve(['anna'], options), failed(5));
  }
});

test('MS-ASCMD §2.2.3.135.2 pictures of contacts from 14.1 on: 173 none, 174 too large, 175 too many', async (t) => {
  const server = await startWithContacts();
  t.after(() => server.close());
  const picture = (status: number, data = '') =>
    `<Picture><Status>${status}</Status>${data === '' ? '' : `<Data>${data}</Data>`}</Picture>`;
  const given = picture(1, PHOTO.toString('base64'));
  const all = (...pictures: readonly string[]) =>
    answered(
      response(
        'be',
        2,
        4,
        recipient(1, 'bert', 'bert@example.org', pictures[0]) +
          recipient(2, 'Béa Bernard', 'bea@example.net', pictures[1]) +
          recipient(2, 'Béa Bernard', 'bb@example.com', pictures[2]) +
          recipient(2, 'Ben Bertram', 'ben@example.net', pictures[3]),
      ),
    );
  const none = picture(173);
  for (const [wish, expected] of [
    ['<Picture/>', all(none, given, given, none)],
    [`<Picture><MaxSize>${PHOTO.length}</MaxSize></Picture>`, all(none, given, given, none)],
    [`<Picture><MaxSize>${PHOTO.length - 1}</MaxSize></Picture>`, all(none, picture(174), picture(174), none)],
    ['<Picture><MaxPictures>1</MaxPictures></Picture>', all(none, given, picture(175), picture(175))],
  ] as const) {
    await exchange(server.phone(), 'ResolveRecipients', resolve(['be'], wish), expected);
  }
  const old = answered(response('be', 2, 4, BERT + BEA + BEA_2 + BEN));
  await exchange(server.phone({ version: '14.0' }), 'ResolveRecipients', resolve(['be'], '<Picture/>'), old);
});
