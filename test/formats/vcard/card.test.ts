import assert from 'node:assert/strict';
import { test } from 'node:test';
import { propertiesOf, propertyOf } from '../../../src/formats/content-line/lookup.ts';
import { serializeComponents } from '../../../src/formats/content-line/serialize.ts';
import { ContentSyntaxError } from '../../../src/formats/content-line/syntax-error.ts';
import { cardVersion, parseCard, parseCards, serializeCard } from '../../../src/formats/vcard/card.ts';
import { lineText } from '../../../src/formats/vcard/card-line.ts';
import {
  cardAddresses,
  cardEmails,
  cardName,
  cardPhones,
  cardPhoto,
  cardText,
  cardUid,
} from '../../../src/formats/vcard/card-views.ts';
import { editCard } from '../../../src/formats/vcard/edit-card.ts';
import { validateCard, withUid } from '../../../src/formats/vcard/validate-card.ts';
import { seededRandom } from '../../support/random.ts';
import { sharedFiles, skipWithout } from '../../support/shared-data.ts';
import { makeCard } from './generate.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const cardOf = (...lines: string[]) => parseCard(Buffer.from(['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n')));

/** Lines of `after` that are not in `before`, and the other way round. */
function difference(before: Uint8Array, after: Uint8Array): { added: string[]; removed: string[] } {
  const [old, next] = [text(before).split(/(?<=\n)/), text(after).split(/(?<=\n)/)];
  return { added: next.filter((line) => !old.includes(line)), removed: old.filter((line) => !next.includes(line)) };
}

const APPLE = cardOf(
  'VERSION:3.0',
  'N:Doe;John;Richter,James;Mr.;Sr.',
  'FN:Mr. John Doe',
  'item1.EMAIL;type=INTERNET;type=pref:john.doe@ibm.com',
  'item1.X-ABLabel:_$!<HomePage>!$_',
  'EMAIL;TYPE=WORK;X-COUCHDB-UUID="a:b":work@ibm.com',
  'item2.TEL:905-222-1234',
  'item2.X-ABLabel:Assistant',
  'ADR;type=HOME:;;Silicon Alley 5\\,;New York;New York;12345;USA',
  'URL:http\\://www.ibm.com',
  'UID:1',
);

test('RFC 6350 §3.3 what is not edited is written byte for byte', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const bytes = makeCard(seededRandom(seed), true);
    assert.equal(text(serializeCard(parseCard(bytes))), text(bytes), `seed ${seed}`);
  }
});

test('views read names, entries with types, preference and label, escapes undone', () => {
  assert.deepEqual(cardName(APPLE), {
    formatted: 'Mr. John Doe',
    family: 'Doe',
    given: 'John',
    additional: 'Richter James',
    prefix: 'Mr.',
    suffix: 'Sr.',
  });
  assert.deepEqual(
    cardEmails(APPLE).map(({ value, types, preference, label }) => [value, types, preference, label]),
    [
      ['john.doe@ibm.com', [], 1, 'HomePage'],
      ['work@ibm.com', ['work'], null, null],
    ],
  );
  assert.deepEqual(
    cardPhones(APPLE).map(({ value, label }) => [value, label]),
    [['905-222-1234', 'Assistant']],
  );
  assert.equal(cardAddresses(APPLE)[0]!.street, 'Silicon Alley 5,');
  assert.equal(cardText(APPLE, 'URL'), 'http://www.ibm.com');
  assert.equal(cardUid(APPLE), '1');
});

test('vCard 2.1: quoted-printable with soft breaks, charsets, base64 ended by a blank line, bare parameters, AGENT', () => {
  const lines = [
    'BEGIN:VCARD',
    'VERSION:2.1',
    'N;CHARSET=windows-1251:\xcf\xe5\xf2\xf0\xee\xe2;\xc8\xe2\xe0\xed',
    'NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Gr=FC=DFe=0D=0A=',
    'zweite; Zeile',
    'TEL;WORK;PREF;VOICE:1',
    'PHOTO;JPEG;ENCODING=BASE64:',
    '    /9j/',
    '    4AAQ',
    '',
    'AGENT:',
    'BEGIN:VCARD',
    'VERSION:2.1',
    'N:Friday;Fred',
    'END:VCARD',
    'END:VCARD',
    '',
  ];
  const bytes = Buffer.from(lines.join('\r\n'), 'latin1');
  const card = parseCard(bytes);
  assert.equal(cardVersion(card), '2.1');
  assert.equal(cardName(card).family, 'Петров');
  assert.equal(cardText(card, 'NOTE'), 'Grüße\nzweite; Zeile');
  assert.deepEqual(
    cardPhones(card).map(({ types, preference }) => [types, preference]),
    [[['work', 'voice'], 1]],
  );
  const photo = cardPhoto(card);
  assert.ok(photo?.kind === 'data' && photo.mediaType === 'image/jpeg');
  assert.deepEqual([...photo.bytes], [0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10]);
  assert.ok(Buffer.from(serializeCard(card)).equals(bytes));
});

test('an edit changes only the named line and keeps group, parameters, label and order', () => {
  const [first, second] = cardEmails(APPLE);
  const edited = editCard(APPLE, {
    set: { FN: 'Änderung, neu', n: [undefined, 'Jack'] },
    replace: new Map([
      [first!.line, 'jack@x.test'],
      [second!.line, 'work@ibm.com'],
    ]),
  });
  assert.deepEqual(difference(serializeCard(APPLE), serializeCard(edited)), {
    added: [
      'N:Doe;Jack;Richter,James;Mr.;Sr.\r\n',
      'FN:Änderung\\, neu\r\n',
      'item1.EMAIL;TYPE=INTERNET;TYPE=pref:jack@x.test\r\n',
    ],
    removed: [
      'N:Doe;John;Richter,James;Mr.;Sr.\r\n',
      'FN:Mr. John Doe\r\n',
      'item1.EMAIL;type=INTERNET;type=pref:john.doe@ibm.com\r\n',
    ],
  });
  assert.equal(cardEmails(edited)[0]!.label, 'HomePage');
});

test('setting what is there already changes no byte', () => {
  assert.equal(editCard(APPLE, { set: { FN: 'Mr. John Doe', N: ['Doe', 'John'], URL: 'http://www.ibm.com' } }), APPLE);
  assert.equal(editCard(APPLE, { set: { NOTE: null } }), APPLE);
});

test('a removed line takes its label with it, an added one gets a free group with Apple spelling', () => {
  const [phone] = cardPhones(APPLE);
  const removed = editCard(APPLE, { replace: new Map([[phone!.line, null]]) });
  assert.deepEqual(difference(serializeCard(APPLE), serializeCard(removed)), {
    added: [],
    removed: ['item2.TEL:905-222-1234\r\n', 'item2.X-ABLabel:Assistant\r\n'],
  });
  const added = editCard(APPLE, {
    add: [{ name: 'TEL', value: '1', types: ['CELL'], label: 'Ski hut' }],
  });
  assert.deepEqual(difference(serializeCard(APPLE), serializeCard(added)), {
    added: ['item3.TEL;TYPE=CELL:1\r\n', 'item3.X-ABLabel:Ski hut\r\n'],
    removed: [],
  });
  assert.equal(cardPhones(added)[1]!.label, 'Ski hut');
  assert.throws(
    () =>
      editCard(added, {
        replace: new Map([
          [phone!.line, 'x'],
          [propertyOf(cardOf('FN:x'), 'FN')!, 'y'],
        ]),
      }),
    TypeError,
  );
});

test('photos are set, kept when the same, and removed, in the form of the version', () => {
  const photo = { kind: 'data', mediaType: 'image/png', bytes: Uint8Array.of(1, 2, 3) } as const;
  for (const version of ['2.1', '3.0', '4.0']) {
    const card = editCard(cardOf(`VERSION:${version}`, 'FN:x'), { photo });
    const again = cardPhoto(parseCard(serializeCard(card)));
    assert.ok(again?.kind === 'data' && again.mediaType === 'image/png', version);
    assert.deepEqual([...again.bytes], [1, 2, 3]);
    assert.equal(editCard(card, { photo }), card);
    assert.equal(cardPhoto(editCard(card, { photo: null })), null);
  }
});

test('2.1 text beyond ASCII is written as quoted-printable and read again', () => {
  const card = cardOf('VERSION:2.1', 'N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;A', 'NOTE:x');
  const edited = parseCard(serializeCard(editCard(card, { set: { NOTE: 'zwei\nZeilen; ä', N: [undefined, 'Jörg'] } })));
  assert.equal(cardText(edited, 'NOTE'), 'zwei\nZeilen; ä');
  assert.deepEqual([cardName(edited).family, cardName(edited).given], ['Müller', 'Jörg']);
});

test('random edits of random cards touch no other line', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = seededRandom(seed);
    const [card] = parseCards(makeCard(random), { lenient: true });
    const lines = propertiesOf(card!);
    const line = lines[random.below(lines.length)]!;
    if (line.name === 'VERSION') continue;
    const value = `new; value, ${seed}\nß`;
    const edited = editCard(card!, { replace: new Map([[line, value]]) });
    const reread = parseCard(serializeCard(edited));
    const at = lines.indexOf(line);
    const after = propertiesOf(reread);
    assert.equal(lineText(after[at]!, cardVersion(reread)), value, `seed ${seed}`);
    assert.equal(after[at]!.group, line.group, `seed ${seed}`);
    assert.deepEqual(
      after.toSpliced(at, 1).map(({ raw }) => raw),
      lines.toSpliced(at, 1).map(({ raw }) => raw),
      `seed ${seed}`,
    );
  }
});

test('RFC 6352 §5.1 problems: version, UID; RFC 6350 §6 as warnings', () => {
  const reasons = (...lines: string[]): string[] =>
    validateCard(cardOf(...lines)).map(({ severity, reason }) => `${severity}: ${reason}`);
  assert.deepEqual(reasons('VERSION:4.0', 'FN:x', 'UID:1'), []);
  assert.deepEqual(reasons('VERSION:2.1', 'FN:x', 'UID:1'), ['error: VERSION 2.1 where 3.0 or 4.0 is wanted']);
  assert.deepEqual(reasons('FN:x', 'N:x', 'UID:1'), ['error: the card has no VERSION']);
  assert.deepEqual(reasons('VERSION:3.0'), [
    'error: the card has no UID',
    'warning: the card has no FN',
    'warning: the card has no N',
  ]);
  assert.deepEqual(reasons('VERSION:4.0', 'FN:x', 'UID:1', 'UID:2', 'BDAY:1', 'BDAY:2'), [
    'error: more than one UID',
    'warning: more than one BDAY',
  ]);
});

test('a UID is added without touching anything else', () => {
  const card = cardOf('VERSION:3.0', 'FN:x');
  assert.deepEqual(difference(serializeCard(card), serializeCard(withUid(card, 'a,b'))), {
    added: ['UID:a\\,b\r\n'],
    removed: [],
  });
  assert.equal(cardUid(withUid(APPLE, '2')), '2');
  assert.equal(withUid(APPLE, '1'), APPLE);
});

test('what is no card is refused with its line, or reported in lenient reading', () => {
  const isAt = (line: number) => (error: unknown) => error instanceof ContentSyntaxError && error.line === line;
  assert.throws(() => parseCards(Buffer.from('BEGIN:VCARD\nFN x\nEND:VCARD\n')), isAt(2));
  assert.throws(() => parseCards(Buffer.from('BEGIN:VCALENDAR\nEND:VCALENDAR\n')), isAt(1));
  assert.throws(() => parseCard(new Uint8Array(0)), ContentSyntaxError);
  const problems: number[] = [];
  const options = { lenient: true, onProblem: ({ line }: ContentSyntaxError) => problems.push(line) };
  const cards = parseCards(
    Buffer.from('BEGIN:VCARD\nFN x\nUID:1\nEND:VCARD\nBEGIN:VCARD\nUID:2\nEND:VCARD\n'),
    options,
  );
  assert.deepEqual([cards.map(cardUid), problems], [['1', '2'], [2]]);
});

test('a card cut off inside quoted-printable is whole again when written', () => {
  const cut = Buffer.from('BEGIN:VCARD\r\nVERSION:2.1\r\nNOTE;ENCODING=QUOTED-PRINTABLE:a=\r\n');
  const [card] = parseCards(cut, { lenient: true });
  assert.equal(cardText(parseCard(serializeCard(card!)), 'NOTE'), 'a');
});

test('bare parameters that are no words do not stop an edit', () => {
  const card = cardOf('VERSION:3.0', 'FN:x', 'TEL;c!d;TYPE=HOME:5');
  const [phone] = cardPhones(card);
  const edited = parseCard(serializeCard(editCard(card, { replace: new Map([[phone!.line, '6']]) })));
  assert.deepEqual(
    cardPhones(edited).map(({ value, types }) => [value, types.includes('home')]),
    [['6', true]],
  );
});

test('every real file: read or refused with a line, written again byte for byte', { skip: skipWithout('vcf') }, () => {
  for (const { name, bytes } of sharedFiles('vcf')) {
    try {
      const cards = parseCards(bytes);
      assert.ok(cards.length > 0, name);
      assert.ok(Buffer.from(serializeComponents(cards)).equals(bytes), name);
      for (const card of cards) {
        assert.ok(cardName(card).formatted !== '', name);
        const edited = editCard(card, { set: { 'X-CAUSEWAY-TEST': 'ä' } });
        assert.deepEqual(difference(serializeCard(card), serializeCard(edited)).removed, [], name);
      }
    } catch (error) {
      assert.ok(error instanceof ContentSyntaxError && error.line > 0, `${name}: ${error}`);
    }
  }
});

test('real files: photos and charsets of real programs are read', { skip: skipWithout('vcf') }, () => {
  const files = new Map(sharedFiles('vcf').map(({ name, bytes }) => [name, bytes]));
  const [iphone] = parseCards(files.get('ez-vcard__John_Doe_IPHONE.vcf')!);
  const photo = cardPhoto(iphone!);
  assert.ok(photo?.kind === 'data' && photo.bytes[0] === 0xff && photo.bytes[1] === 0xd8);
  const [outlook] = parseCards(files.get('ez-vcard__outlook-2007.vcf')!);
  assert.match(cardText(outlook!, 'NOTE')!, /^This is the NOTE field\t\nI assume/);
});
