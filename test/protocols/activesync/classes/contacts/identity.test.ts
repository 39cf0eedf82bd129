import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeContact, renderContact } from '../../../../../protocols/activesync/classes/contacts/contacts-class.ts';
import { type Card, parseCards, serializeCard } from '../../../../../src/formats/vcard/card.ts';
import { sharedFiles, skipWithout } from '../../../../support/shared-data.ts';
import { Dice } from '../dice.ts';
import { options, VERSIONS } from '../samples.ts';

const LINES = [
  'N:Smith\\, jr;Ann;Mary,Jane;Dr.;',
  'FN:Ann Smith',
  'NICKNAME:Annie,Nan',
  'ORG:ACME\\; Ltd;Sales;East',
  'TITLE:Boss',
  'EMAIL;TYPE=INTERNET,HOME:a@example.com',
  'EMAIL;TYPE=WORK;PREF=1:b@example.com',
  'item1.EMAIL:c@example.com',
  'item1.X-ABLabel:_$!<Other>!$_',
  'EMAIL:d@example.com',
  'TEL;TYPE=CELL,VOICE:+1 1',
  'TEL;TYPE=HOME:+1 2',
  'TEL;TYPE=HOME,VOICE:+1 3',
  'TEL;TYPE=HOME:+1 4',
  'TEL;TYPE=WORK,FAX:+1 5',
  'TEL:+1 6',
  'TEL;TYPE=PAGER:+1 7',
  'ADR;TYPE=HOME:Box 1;Flat 2;Street 3\\, back;City;;12345;Land',
  'ADR;TYPE=WORK:;;A,B;C;D;E;F',
  'ADR:;;;;;;',
  'BDAY:1980-02-29',
  'BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29',
  'BDAY:circa 1800',
  'ANNIVERSARY:20000101',
  'NOTE:line\\nline\\, more',
  'CATEGORIES:A,B\\,C',
  'URL:http://example.com',
  'IMPP;X-SERVICE-TYPE=Jabber:xmpp:a@example.com',
  'X-AIM:ann',
  'X-SPOUSE:Bob',
  'X-MS-CHILD:Zoe',
  'PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRg==',
  'PHOTO;VALUE=uri:http://example.com/a.jpg',
  'X-EVOLUTION-FILE-AS:Smith\\, Ann',
];

function assertIdentity(card: Card, name: string): void {
  const bytes = Buffer.from(serializeCard(card)).toString('latin1');
  for (const version of VERSIONS) {
    const fields = renderContact(card, options({ version }));
    if (fields === null) continue;
    const merged = mergeContact(card, fields, options({ version }));
    assert.equal(Buffer.from(serializeCard(merged)).toString('latin1'), bytes, `${name} in ${version}`);
  }
}

test('a shared contact written back unchanged keeps its bytes', { skip: skipWithout('vcf') }, () => {
  const cards = sharedFiles('vcf').flatMap(({ name, bytes }) =>
    parseCards(bytes, { lenient: true }).map((card) => ({ name, card })),
  );
  assert.ok(cards.length > 10, `only ${cards.length} cards`);
  for (const { name, card } of cards) assertIdentity(card, name);
});

test('a generated contact written back unchanged keeps its bytes', () => {
  const random = new Dice(42);
  for (let number = 0; number < 600; number += 1) {
    const version = random.pick(['2.1', '3.0', '4.0']);
    const lines = ['BEGIN:VCARD', `VERSION:${version}`, 'UID:1', ...random.some(LINES, 50), 'END:VCARD', ''];
    assertIdentity(parseCards(Buffer.from(lines.join('\r\n')))[0]!, lines.join('\n'));
  }
});
