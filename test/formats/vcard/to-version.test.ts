import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isComponent, propertyOf } from '../../../src/formats/content-line/lookup.ts';
import { cardVersion, parseCard, parseCards, serializeCard } from '../../../src/formats/vcard/card.ts';
import {
  cardAddresses,
  cardEmails,
  cardName,
  cardPhones,
  cardPhoto,
  cardText,
} from '../../../src/formats/vcard/card-views.ts';
import { toVersion } from '../../../src/formats/vcard/to-version.ts';
import { validateCard } from '../../../src/formats/vcard/validate-card.ts';
import { seededRandom } from '../../support/random.ts';
import { sharedFiles, skipWithout } from '../../support/shared-data.ts';
import { makeCard } from './generate.ts';

const read = (...lines: string[]) => parseCard(Buffer.from(['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n')));

/** Converted lines without BEGIN, VERSION and END, unfolded. */
function converted(target: '3.0' | '4.0', ...lines: string[]): string[] {
  const written = Buffer.from(serializeCard(toVersion(read(...lines), target))).toString('utf8');
  const all = written.replace(/\r\n /g, '').split('\r\n').slice(1, -2);
  assert.equal(all[0], `VERSION:${target}`);
  return all.slice(1);
}

test('a card of the wanted version is the same object', () => {
  const card = read('VERSION:3.0', 'FN:x', 'N:x');
  assert.equal(toVersion(card, '3.0'), card);
});

test('2.1 → 3.0: bare parameters, quoted-printable, charsets, base64, nested AGENT', () => {
  assert.deepEqual(
    converted(
      '3.0',
      'VERSION:2.1',
      'N;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:M=FCller;J, K',
      'FN:x, y',
      'TEL;WORK;PREF:1',
      'NOTE;QUOTED-PRINTABLE:a=0D=0Ab;c',
      'PHOTO;JPEG;ENCODING=BASE64:/9j/',
      ' 4AAQ',
      '',
      'X-Foo;BAR:z',
      'CATEGORIES:a,b',
      'AGENT:',
      'BEGIN:VCARD',
      'VERSION:2.1',
      'N:Friday;Fred',
      'END:VCARD',
    ),
    [
      'N:Müller;J\\, K',
      'FN:x\\, y',
      'TEL;TYPE=WORK,PREF:1',
      'NOTE:a\\nb\\;c',
      'PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ',
      'X-FOO;TYPE=BAR:z',
      'CATEGORIES:a,b',
      'AGENT:BEGIN:VCARD\\nVERSION:3.0\\nFN:Fred Friday\\nN:Friday\\;Fred\\nEND:VCARD\\n',
    ],
  );
});

test('3.0 → 4.0: preference, photo, label, geo, dates, Apple groups; X- properties keep their bytes', () => {
  assert.deepEqual(
    converted(
      '4.0',
      'VERSION:3.0',
      'N:a;b',
      'FN:x',
      'SORT-STRING:s',
      'EMAIL;TYPE=INTERNET,pref,work:a@b',
      'ADR;TYPE=home:;;S;C;;;',
      'LABEL;TYPE=home:One\\nTwo',
      'PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ',
      'GEO:46.7;-71.2',
      'BDAY;VALUE=date:1980-03-22',
      'X-ADDRESSBOOKSERVER-KIND:group',
      'item1.X-ABLabel;x-p=1:_$!<Other>!$_',
    ),
    [
      'N;SORT-AS=s:a;b',
      'FN:x',
      'EMAIL;TYPE=work;PREF=1:a@b',
      'ADR;TYPE=home;LABEL=One^nTwo:;;S;C;;;',
      'PHOTO:data:image/jpeg;base64,/9j/4AAQ',
      'GEO:geo:46.7,-71.2',
      'BDAY;VALUE=date:19800322',
      'KIND:group',
      'item1.X-ABLabel;x-p=1:_$!<Other>!$_',
    ],
  );
});

test('4.0 → 3.0: PREF, data: URIs, tel: URIs, quoted type lists, LABEL, a birthday without year, N required', () => {
  assert.deepEqual(
    converted(
      '3.0',
      'VERSION:4.0',
      'FN:x\\, y',
      'TEL;VALUE=uri;PREF=1;TYPE="work,voice":tel:+1-418-656-9254;ext=102',
      'TEL;PREF=2:5',
      'PHOTO:data:image/jpeg;base64,/9j/4AAQ',
      'LOGO:http://x.test/l.png',
      'ADR;LABEL="One^nTwo":;;S;C;;;',
      'BDAY:--0203',
      'GEO:geo:46.7,-71.2',
      'ANNIVERSARY:20090808',
      'X-keep:1',
    ),
    [
      'N:x\\, y;;;;',
      'FN:x\\, y',
      'TEL;TYPE=work,voice;TYPE=pref:+1-418-656-9254 x102',
      'TEL:5',
      'PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ',
      'LOGO;VALUE=uri:http://x.test/l.png',
      'ADR:;;S;C;;;',
      'LABEL:One\\nTwo',
      'BDAY;X-APPLE-OMIT-YEAR=1604;VALUE=date:1604-02-03',
      'GEO:46.7;-71.2',
      'ANNIVERSARY:2009-08-08',
      'X-keep:1',
    ],
  );
});

test('there and back again says the same', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const [card] = parseCards(makeCard(seededRandom(seed)), { lenient: true });
    const old = toVersion(card!, '3.0');
    const back = toVersion(parseCard(serializeCard(toVersion(parseCard(serializeCard(old)), '4.0'))), '3.0');
    const seen = (one: typeof old): unknown => ({
      name: cardName(one),
      emails: cardEmails(one).map(({ value, types, label }) => [value, types, label]),
      phones: cardPhones(one).map(({ value, types }) => [value, types]),
      streets: cardAddresses(one)
        .map(({ street }) => street)
        .filter((street) => street !== ''),
      photo: cardPhoto(one),
      note: cardText(one, 'NOTE'),
      birthday: cardText(one, 'BDAY'),
      agent: cardText(one, 'AGENT'),
    });
    assert.deepEqual(seen(back), seen(old), `seed ${seed}`);
  }
});

test('every card converted is a valid card of its version with the same properties', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const [card] = parseCards(makeCard(seededRandom(seed)), { lenient: true });
    for (const target of ['3.0', '4.0'] as const) {
      const written = parseCard(serializeCard(toVersion(card!, target)));
      assert.equal(cardVersion(written), target);
      assert.ok(
        validateCard(written).every(({ severity }) => severity !== 'error'),
        `seed ${seed}`,
      );
      const custom = (one: typeof written): number =>
        one.children.filter((child) => !isComponent(child) && child.name.startsWith('X-CUSTOM')).length;
      assert.equal(custom(written), custom(card!), `seed ${seed}`);
    }
  }
});

test('every real card can be had in both versions', { skip: skipWithout('vcf') }, () => {
  for (const { name, bytes } of sharedFiles('vcf')) {
    for (const card of parseCards(bytes, { lenient: true })) {
      for (const target of ['3.0', '4.0'] as const) {
        const written = parseCard(serializeCard(toVersion(card, target)));
        assert.equal(cardVersion(written), target, name);
        if (propertyOf(card, 'N') !== null) assert.equal(cardName(written).family, cardName(card).family, name);
        assert.deepEqual(
          cardEmails(written).map(({ value }) => value),
          cardEmails(card).map(({ value }) => value),
          name,
        );
        assert.deepEqual(cardPhoto(written)?.kind, cardPhoto(card)?.kind, name);
      }
    }
  }
});
