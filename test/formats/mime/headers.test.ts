import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flattenAddresses, formatAddressList, parseAddressList } from '../../../src/formats/mime/address-list.ts';
import { createTextDecoder } from '../../../src/formats/mime/charset.ts';
import { parseContentField } from '../../../src/formats/mime/content-field.ts';
import { decodeWords, encodeWords } from '../../../src/formats/mime/encoded-words.ts';
import { fieldText, parseHeaderFields, unfold } from '../../../src/formats/mime/header-fields.ts';
import { formatMailDate, parseMailDate } from '../../../src/formats/mime/mail-date.ts';
import { parseMessageIds } from '../../../src/formats/mime/message-ids.ts';
import { seededRandom } from '../../support/random.ts';

test('RFC 2047 §8 examples are decoded', () => {
  const cases: readonly [string, string][] = [
    ['(=?ISO-8859-1?Q?a?=)', '(a)'],
    ['(=?ISO-8859-1?Q?a?= b)', '(a b)'],
    ['(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)', '(ab)'],
    ['(=?ISO-8859-1?Q?a?=      =?ISO-8859-1?Q?b?=)', '(ab)'],
    ['(=?ISO-8859-1?Q?a_b?=)', '(a b)'],
    ['(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)', '(a b)'],
    ['=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>', 'Keith Moore <moore@cs.utk.edu>'],
    [
      '=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?= =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=',
      'If you can read this you understand the example.',
    ],
    ['=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=', '日本'],
    ['=?utf-8*en?Q?caf=C3=A9?=', 'café'],
  ];
  for (const [text, wanted] of cases) assert.equal(decodeWords(text), wanted);
});

test('a character split across encoded words is joined, broken words stay as written', () => {
  assert.equal(decodeWords('=?utf-8?B?w4TD?= =?utf-8?B?lg==?='), 'ÄÖ');
  assert.equal(decodeWords('=?utf-8?Q?=C3?= =?utf-8?B?pA==?='), 'ä');
  for (const broken of ['=?NONE?B?VEVTVA=?=', '=?utf-8?X?abc?=', '=?utf-8?B?###?=', '=?utf-8?Q?open', '=??Q?x?=']) {
    assert.equal(decodeWords(broken), broken);
  }
});

test('encoded words are at most 75 characters and decode to the same text', () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const random = seededRandom(seed);
    const text = Array.from({ length: 90 }, () => random.pick(['a', ' ', 'ä', '日', '😀', '=?', '_', '"'])).join('');
    const words = encodeWords(text);
    assert.ok(
      words.every((word) => word.length <= 75),
      `seed ${seed}`,
    );
    assert.equal(decodeWords(words.join('\r\n ').replace(/\r\n/g, '')), text, `seed ${seed}`);
  }
});

test('RFC 5322 §2.2.3 fields keep their bytes, unfolding takes only the line end', () => {
  const header = 'Subject: a\r\n b\r\nno field\r\nX-Y : c\r\n';
  const fields = parseHeaderFields(header);
  assert.deepEqual(
    fields.map((field) => field.name),
    ['Subject', '', 'X-Y'],
  );
  assert.equal(fields.map((field) => field.raw).join(''), header);
  assert.equal(unfold(fields[0]!.value), 'a b');
});

test('raw 8-bit header text is UTF-8, else windows-1252', () => {
  const [utf8, legacy] = parseHeaderFields('Subject: \xc3\xa4\r\nSubject: \xe4\x80\r\n');
  assert.equal(fieldText(utf8!), 'ä');
  assert.equal(fieldText(legacy!), 'ä€');
});

test('RFC 2231 §3, §4, §4.1 examples', () => {
  const access = parseContentField(
    'message/external-body; access-type=URL; URL*0="ftp://"; URL*1="cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar"',
  );
  assert.equal(access.parameters.get('url'), 'ftp://cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar');
  const title = parseContentField("application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A");
  assert.equal(title.parameters.get('title'), 'This is ***fun***');
  const both = parseContentField(
    "application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20; title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"",
  );
  assert.equal(both.parameters.get('title'), "This is even more ***fun*** isn't it!");
});

test('parameters as real programs write them', () => {
  const of = (text: string, name: string): string | undefined => parseContentField(text).parameters.get(name);
  assert.equal(of('text/plain; name=This is a test.txt', 'name'), 'This is a test.txt');
  assert.equal(of('text/plain; name="=?utf-8?Q?=C3=A4;b?="', 'name'), 'ä;b');
  assert.equal(of('text/plain; charset=us-ascii (Plain text)', 'charset'), 'us-ascii');
  assert.equal(of('text/plain charset=utf-8', 'charset'), 'utf-8');
  assert.equal(of('multipart/mixed; boundary=----=_Next_1', 'boundary'), '----=_Next_1');
  assert.equal(of('x/y; a="b\\"c;d', 'a'), 'b"c;d');
  assert.equal(of("a; filename*=iso-8859-1''%E4; filename=plain", 'filename'), 'ä');
});

test('RFC 5322 appendix A address examples', () => {
  assert.deepEqual(
    parseAddressList('"Joe Q. Public" <john.q.public@example.com>, "Giant; \\"Big\\" Box" <sysservices@example.net>'),
    [
      { name: 'Joe Q. Public', address: 'john.q.public@example.com' },
      { name: 'Giant; "Big" Box', address: 'sysservices@example.net' },
    ],
  );
  assert.deepEqual(parseAddressList('A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;'), [
    {
      group: 'A Group',
      members: [
        { name: 'Ed Jones', address: 'c@a.test' },
        { name: null, address: 'joe@where.test' },
        { name: 'John', address: 'jdoe@one.test' },
      ],
    },
  ]);
  assert.deepEqual(parseAddressList('Undisclosed recipients:;'), [{ group: 'Undisclosed recipients', members: [] }]);
  assert.deepEqual(parseAddressList('Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>')[0]!, {
    name: 'Pete',
    address: 'pete@silly.test',
  });
  assert.deepEqual(parseAddressList('john @ example . com (John)'), [{ name: 'John', address: 'john@example.com' }]);
});

test('broken address lists give what can be read', () => {
  const flat = (text: string): unknown[] =>
    flattenAddresses(parseAddressList(text)).map(({ name, address }) => [name, address]);
  assert.deepEqual(flat(', a@x.test,, b@x.test;c@x.test'), [
    [null, 'a@x.test'],
    [null, 'b@x.test'],
    [null, 'c@x.test'],
  ]);
  assert.deepEqual(flat('a@b.test <c@d.test>'), [['a@b.test', 'c@d.test']]);
  assert.deepEqual(flat('"open quote <a@x.test>'), [['"open quote', 'a@x.test']]);
  assert.deepEqual(flat('Foo Bar foo@x.test'), [['Foo Bar', 'foo@x.test']]);
  assert.deepEqual(flat('=?utf-8?Q?M=C3=BCller=2C_A?= <m@x.test>'), [['Müller, A', 'm@x.test']]);
  assert.deepEqual(flat('root'), [[null, 'root']]);
  assert.deepEqual(flat('<a@x.test'), [[null, '<a@x.test']]);
  assert.deepEqual(flat(''), []);
});

test('written addresses read the same again', () => {
  const entries = [
    { name: 'Müller, "A"', address: 'm@x.test' },
    { name: 'Doe, Jane', address: 'j@x.test' },
    { group: 'Team', members: [{ name: null, address: 'a@x.test' }] },
  ];
  assert.deepEqual(parseAddressList(formatAddressList(entries)), entries);
});

test('hostile address lists take time in proportion to their length', () => {
  for (const piece of ['"', '(', '<', ' ', '@ ', '\\"', ':'])
    assert.ok(Array.isArray(parseAddressList(piece.repeat(200_000))));
});

test('hostile encoded words and parameters take time in proportion to their length', () => {
  const words = '=?a?q?'.repeat(100_000);
  assert.equal(decodeWords(words), words);
  assert.equal(parseContentField(`a/b${'; x*1=1'.repeat(50_000)}`).parameters.get('x')?.length, 50_000);
  assert.equal(unfold('\r'.repeat(500_000)), '');
});

test('RFC 5322 §3.3, §4.3 dates, asctime, and null for what is none', () => {
  const at = (text: string): string | null => {
    const seconds = parseMailDate(text);
    return seconds === null ? null : new Date(seconds * 1000).toISOString().slice(0, 19);
  };
  assert.equal(at('Fri, 21 Nov 1997 09:55:06 -0600'), '1997-11-21T15:55:06');
  assert.equal(at('Thu,\n 13\n Feb\n 1969\n 23:32\n -0330 (Newfoundland Time)'), '1969-02-14T03:02:00');
  assert.equal(at('21 Nov 97 09:55:06 GMT'), '1997-11-21T09:55:06');
  assert.equal(at('Tue, 1 Jul 03 10:52:37 EDT'), '2003-07-01T14:52:37');
  assert.equal(at('Thu Jan  1 10:00:00 2004'), '2004-01-01T10:00:00');
  assert.equal(at('Thu Jan  1 10:00:00 EST 2004'), '2004-01-01T15:00:00');
  assert.equal(at('Sat, 1 Jan 2022 10:00:00 GMT+0100'), '2022-01-01T09:00:00');
  assert.equal(at('1 Jan 2022 10:00:00 K'), '2022-01-01T10:00:00');
  for (const none of ['', 'yesterday', '31 Feb 2020 10:00', '1 Foo 2020 10:00', '1 Jan 2020 25:00', '2020-01-01']) {
    assert.equal(parseMailDate(none), null, none);
  }
  assert.equal(formatMailDate(880127706), 'Fri, 21 Nov 1997 15:55:06 +0000');
  assert.equal(parseMailDate(formatMailDate(1234567890)), 1234567890);
});

test('message ids: references, phrases between, missing brackets', () => {
  assert.deepEqual(parseMessageIds('<1234@local.test> <3456@example.net>'), ['1234@local.test', '3456@example.net']);
  assert.deepEqual(parseMessageIds('Your message of "x" <a@b> junk <c'), ['a@b']);
  assert.deepEqual(parseMessageIds('a@b c@d word'), ['a@b', 'c@d']);
  assert.deepEqual(parseMessageIds('<>'), []);
});

test('text without a known charset is UTF-8 where valid and windows-1252 elsewhere, however it is cut', () => {
  const bytes = Buffer.from('a\xc3\xa4\xe4 \xe2\x82\xac\xf0\x9f\x98\x80\xed\xa0\x80z\xc3', 'latin1');
  const wanted = 'aää €😀í\xa0€z'.replace('\xa0€', '\u00a0€');
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const decoder = createTextDecoder('x-unknown');
    const text = decoder.write(bytes.subarray(0, cut)) + decoder.write(bytes.subarray(cut)) + decoder.end();
    assert.equal(text, `${wanted}Ã`, `cut ${cut}`);
  }
});
