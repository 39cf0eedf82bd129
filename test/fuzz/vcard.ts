import assert from 'node:assert/strict';
import { propertiesOf } from '../../src/formats/content-line/lookup.ts';
import { serializeComponents } from '../../src/formats/content-line/serialize.ts';
import { ContentSyntaxError } from '../../src/formats/content-line/syntax-error.ts';
import { type Card, cardVersion, parseCard, parseCards, serializeCard } from '../../src/formats/vcard/card.ts';
import { lineText } from '../../src/formats/vcard/card-line.ts';
import {
  cardAddresses,
  cardEmails,
  cardName,
  cardPhones,
  cardPhoto,
  cardUid,
} from '../../src/formats/vcard/card-views.ts';
import { editCard } from '../../src/formats/vcard/edit-card.ts';
import { toVersion } from '../../src/formats/vcard/to-version.ts';
import { validateCard, withUid } from '../../src/formats/vcard/validate-card.ts';
import { makeCard } from '../formats/vcard/generate.ts';
import { seededRandom } from '../support/random.ts';
import type { FuzzTarget } from './fuzz.ts';

/** Cards are read or refused with the codec's own error; bytes stay; views, edits and conversions never fail. */
export const vcardTarget: FuzzTarget = {
  name: 'vcard',
  seeds: () => Array.from({ length: 40 }, (_, seed) => makeCard(seededRandom(seed + 1))),
  dictionary: [
    'BEGIN:VCARD\r\n',
    'END:VCARD\r\n',
    'VERSION:2.1\r\n',
    ';ENCODING=QUOTED-PRINTABLE',
    ';CHARSET=windows-1251',
    ';TYPE=pref',
    ';PREF=1',
    'item1.X-ABLabel:',
    'data:image/png;base64,',
    'BDAY:--0203\r\n',
    'AGENT:\r\n',
    'LABEL:',
  ],
  run(input) {
    const cards = tryCards(input, false);
    if (cards !== null && cards.length > 0) assert.ok(Buffer.from(serializeComponents(cards)).equals(input));
    for (const card of tryCards(input, true) ?? []) checkCard(card);
  },
};

function tryCards(input: Uint8Array, lenient: boolean): Card[] | null {
  try {
    return parseCards(input, { lenient });
  } catch (error) {
    if (error instanceof ContentSyntaxError) return null;
    throw error;
  }
}

function checkCard(card: Card): void {
  assert.ok([cardName(card), cardEmails(card), cardPhones(card), cardAddresses(card), validateCard(card)].length > 0);
  assert.ok(cardPhoto(card) !== undefined);
  assert.equal(cardUid(parseCard(serializeCard(withUid(card, 'fuzz')))), 'fuzz');
  const line = propertiesOf(card).find(({ name }) => name === 'NOTE' || name === 'TEL');
  if (line !== undefined) checkEdit(card, line);
  for (const target of ['3.0', '4.0'] as const) {
    const written = parseCard(serializeCard(toVersion(card, target)));
    assert.equal(cardVersion(written), target);
  }
}

function checkEdit(card: Card, line: ReturnType<typeof propertiesOf>[number]): void {
  const at = propertiesOf(card).indexOf(line);
  const edited = parseCard(serializeCard(editCard(card, { replace: new Map([[line, 'a;b,\nß']]) })));
  const lines = propertiesOf(edited);
  assert.equal(lines.length, propertiesOf(card).length);
  assert.equal(lineText(lines[at]!, cardVersion(edited)), 'a;b,\nß');
}
