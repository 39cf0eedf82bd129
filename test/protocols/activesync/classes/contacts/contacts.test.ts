import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClassDataError } from '../../../../../protocols/activesync/classes/class-error.ts';
import { mergeContact, renderContact } from '../../../../../protocols/activesync/classes/contacts/contacts-class.ts';
import { type Field, field } from '../../../../../protocols/activesync/classes/field.ts';
import type { MergeOptions } from '../../../../../protocols/activesync/classes/options.ts';
import { ianaZone } from '../../../../../src/domain/calendar/iana-zone.ts';
import { validateContact } from '../../../../../src/domain/contact/validate-contact.ts';
import { type Card, parseCard, serializeCard } from '../../../../../src/formats/vcard/card.ts';
import { changed, options, plainFields } from '../samples.ts';

function cardOf(...lines: readonly string[]): Card {
  const all = ['BEGIN:VCARD', 'VERSION:3.0', 'UID:u1', ...lines, 'END:VCARD', ''];
  return parseCard(Buffer.from(all.join('\r\n')));
}

function shown(card: Card, change: Partial<MergeOptions> = {}): Record<string, unknown> {
  return plainFields(renderContact(card, options(change))!);
}

function textOf(card: Card): string {
  return Buffer.from(serializeCard(card)).toString('utf8');
}

function edited(card: Card, changes: Parameters<typeof changed>[1], change: Partial<MergeOptions> = {}): string {
  const given = options(change);
  return textOf(mergeContact(card, changed(renderContact(card, given)!, changes), given));
}

function added(fields: Readonly<Record<string, Field['value']>>): string {
  const card = mergeContact(null, changed([], fields), options());
  validateContact(serializeCard(card));
  return textOf(card);
}

for (const [line, element, value] of [
  ['N:Doe;Jane;Q.;Dr.;PhD', 'LastName', 'Doe'],
  ['N:Doe;Jane;Q.;Dr.;PhD', 'FirstName', 'Jane'],
  ['N:Doe;Jane;Q.;Dr.;PhD', 'MiddleName', 'Q.'],
  ['N:Doe;Jane;Q.;Dr.;PhD', 'Title', 'Dr.'],
  ['N:Doe;Jane;Q.;Dr.;PhD', 'Suffix', 'PhD'],
  ['FN:Jane Doe', 'FileAs', 'Jane Doe'],
  ['ORG:ACME;Sales;East', 'CompanyName', 'ACME'],
  ['ORG:ACME;Sales;East', 'Department', 'Sales'],
  ['TITLE:Boss', 'JobTitle', 'Boss'],
  ['EMAIL;TYPE=HOME:a@example.com', 'Email1Address', 'a@example.com'],
  ['TEL;TYPE=CELL:1', 'MobilePhoneNumber', '1'],
  ['TEL;TYPE=WORK:1', 'BusinessPhoneNumber', '1'],
  ['TEL;TYPE=HOME,VOICE:1', 'HomePhoneNumber', '1'],
  ['TEL;TYPE=HOME,FAX:1', 'HomeFaxNumber', '1'],
  ['TEL;TYPE=FAX:1', 'BusinessFaxNumber', '1'],
  ['TEL;TYPE=PAGER:1', 'PagerNumber', '1'],
  ['TEL;TYPE=CAR:1', 'CarPhoneNumber', '1'],
  ['TEL;TYPE=X-RADIO:1', 'RadioPhoneNumber', '1'],
  ['TEL;TYPE=X-ASSISTANT:1', 'AssistantPhoneNumber', '1'],
  ['TEL;TYPE=X-COMPANY:1', 'CompanyMainPhone', '1'],
  ['TEL:1', 'MobilePhoneNumber', '1'],
  ['ADR;TYPE=WORK:;;Road 1;Town;State;123;Land', 'BusinessAddressCity', 'Town'],
  ['ADR;TYPE=HOME:Box 9;;Road 1;Town;State;123;Land', 'HomeAddressStreet', 'Box 9\nRoad 1'],
  ['ADR:;;Road 1;Town;State;123;Land', 'OtherAddressCountry', 'Land'],
  ['BDAY:19800229', 'Birthday', '1980-02-29T08:00:00.000Z'],
  ['BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29', 'Birthday', '1604-02-29T08:00:00.000Z'],
  ['BDAY:circa 1800', 'Birthday', undefined],
  ['ANNIVERSARY:2001-09-08T00:00:00Z', 'Anniversary', '2001-09-08T08:00:00.000Z'],
  ['URL:http://a.example', 'WebPage', 'http://a.example'],
  ['NICKNAME:Janey', 'NickName', 'Janey'],
  ['IMPP:xmpp:j@example.com', 'IMAddress', 'xmpp:j@example.com'],
  ['X-MANAGER:Max', 'ManagerName', 'Max'],
  ['X-SPOUSE:Joe', 'Spouse', 'Joe'],
  ['PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ', 'Picture', '/9j/4AAQ'],
  ['PHOTO;VALUE=uri:http://a.example/p.jpg', 'Picture', undefined],
] as const) {
  test(`${line} is shown as ${element} ${value}`, () => {
    assert.equal(shown(cardOf(line))[element], value);
  });
}

test('two numbers of a place fill both elements, a third stays unseen and kept', () => {
  const card = cardOf('TEL;TYPE=HOME:1', 'TEL;TYPE=HOME:2', 'TEL;TYPE=HOME:3');
  assert.deepEqual([shown(card).HomePhoneNumber, shown(card).Home2PhoneNumber], ['1', '2']);
  const text = edited(card, { 'Contacts:HomePhoneNumber': '9', 'Contacts:Home2PhoneNumber': null });
  assert.match(text, /TEL;TYPE=HOME:9\r\nTEL;TYPE=HOME:3\r\n/);
});

test('a group of contacts is not shown', () => {
  assert.equal(renderContact(cardOf('X-ADDRESSBOOKSERVER-KIND:group'), options()), null);
});

test('an Add has a formatted name whatever it was given', () => {
  assert.match(added({ 'Contacts:FirstName': 'Jane', 'Contacts:LastName': 'Doe' }), /FN:Jane Doe\r\n/);
  assert.match(added({ 'Contacts:CompanyName': 'ACME, Inc' }), /FN:ACME\\, Inc\r\n/);
  assert.match(added({ 'Contacts:Email1Address': '"J" <j@example.com>' }), /FN:j@example.com\r\n/);
});

test('a new family name renames FN and keeps the rest of the card', () => {
  const card = cardOf('N:Doe;Jane;;;', 'FN:Jane Doe', 'item1.TEL:1', 'item1.X-ABLabel:Boat', 'X-KEEP:1');
  const text = edited(card, { 'Contacts:LastName': 'Roe' });
  assert.match(text, /N:Roe;Jane;;;\r\nFN:Jane Roe\r\nitem1.TEL:1\r\nitem1.X-ABLabel:Boat\r\nX-KEEP:1/);
});

test('a photo over 48 KB of base64 is not sent, and stays when the contact is written', () => {
  const photo = Buffer.alloc(40_000, 7).toString('base64');
  const card = cardOf(`PHOTO;ENCODING=b;TYPE=JPEG:${photo}`);
  assert.equal(shown(card).Picture, undefined);
  assert.ok(edited(card, { 'Contacts:Picture': '', 'Contacts:JobTitle': 'x' }).replace(/\r\n /g, '').includes(photo));
});

test('an empty Picture takes away the photo the phone was shown, an absent one does not', () => {
  const card = cardOf('PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ');
  assert.doesNotMatch(edited(card, { 'Contacts:Picture': '' }), /PHOTO/);
  assert.match(edited(card, { 'Contacts:Picture': null }), /PHOTO/);
});

test('an empty Picture of a client that sends it with every edit takes no photo away', () => {
  const card = cardOf('PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ');
  const given = { emptyPictureStays: true };
  assert.match(edited(card, { 'Contacts:Picture': '', 'Contacts:JobTitle': 'x' }, given), /PHOTO.*\/9j\/4AAQ/);
  assert.match(edited(card, { 'Contacts:Picture': '/9j/4AAR' }, given), /PHOTO.*\/9j\/4AAR/);
});

for (const [name, zone, value] of [
  ['midnight UTC', 'America/Los_Angeles', '1980-02-29T00:00:00.000Z'],
  ['midnight in Berlin', 'Europe/Berlin', '1980-02-28T23:00:00.000Z'],
  ['midnight in Los Angeles', 'America/Los_Angeles', '1980-02-29T08:00:00.000Z'],
  ['noon UTC', 'Europe/Berlin', '1980-02-29T12:00:00.000Z'],
  ['11:00 UTC', 'Asia/Tokyo', '1980-02-29T11:00:00.000Z'],
  ['an entry time', 'Europe/Berlin', '1980-02-29T14:23:11.000Z'],
  ['an hour before midnight in summer', 'Europe/Berlin', '1980-06-29T21:00:00Z'],
] as const) {
  test(`a birthday at ${name} is the day that was meant`, () => {
    const text = edited(cardOf('BDAY:1970-01-01'), { 'Contacts:Birthday': value }, { zone: ianaZone(zone)! });
    assert.match(text, value.includes('-06-') ? /BDAY:1980-06-30\r\n/ : /BDAY:1980-02-29\r\n/);
  });
}

test('ghosting: without Supported absent elements go, with it only the listed ones', () => {
  const card = cardOf('TITLE:Boss', 'NICKNAME:J', 'NOTE:n');
  const silent = { 'Contacts:JobTitle': null, 'Contacts2:NickName': null, 'AirSyncBase:Body': null };
  assert.doesNotMatch(edited(card, silent), /TITLE|NICKNAME/);
  assert.match(edited(card, silent), /NOTE:n/);
  const text = edited(card, silent, { supported: ['Contacts:JobTitle'] });
  assert.doesNotMatch(text, /TITLE/);
  assert.match(text, /NICKNAME/);
});

test('12.1 neither sees nor loses an alias', () => {
  const card = cardOf('X-MS-ALIAS:jd');
  assert.equal(shown(card, { version: '12.1' }).Alias, undefined);
  assert.match(edited(card, { 'Contacts:JobTitle': 'x' }, { version: '12.1' }), /X-MS-ALIAS:jd/);
});

for (const [element, value] of [
  ['Contacts:Picture', 'not base64!'],
  ['Contacts:Birthday', '1980-13-45'],
] as const) {
  test(`a bad ${element} is refused`, () => {
    assert.throws(() => mergeContact(null, [field(element, value)], options()), ClassDataError);
  });
}
