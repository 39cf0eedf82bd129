import type { ContentLine } from '../../../../src/formats/content-line/content-line.ts';
import { setProperties } from '../../../../src/formats/content-line/edit.ts';
import { makeLine } from '../../../../src/formats/content-line/line.ts';
import { propertiesOf } from '../../../../src/formats/content-line/lookup.ts';
import { splitEscaped } from '../../../../src/formats/content-line/text.ts';
import { type Card, cardVersion } from '../../../../src/formats/vcard/card.ts';
import { lineText, plainValue, unescapeCardText } from '../../../../src/formats/vcard/card-line.ts';
import { escapeCardText, writeValue } from '../../../../src/formats/vcard/card-write.ts';
import type { Binding } from '../binding.ts';
import { categoryFields, readCategories } from '../component/categories-binding.ts';
import { shownText } from '../component/text-binding.ts';
import { childrenOf, field, textsOf } from '../field.ts';

/** Categories as CATEGORIES, whose commas separate in every version. */
export const CATEGORIES_BINDING: Binding<Card> = {
  names: ['Contacts:Categories'],
  read: (card) => categoryFields('Contacts', categoriesOf(card)),
  write: (card, fields) => {
    const categories = readCategories('Contacts', fields);
    if (categories.length === 0) return setProperties(card, 'CATEGORIES', []);
    const version = cardVersion(card);
    const value = categories.map((text) => escapeCardText(text, version).replace(/(?<!\\),/g, '\\,')).join(',');
    return setProperties(card, 'CATEGORIES', [writeValue(makeLine({ name: 'CATEGORIES', value: '' }), value, version)]);
  },
};

function categoriesOf(card: Card): string[] {
  const version = cardVersion(card);
  return propertiesOf(card, 'CATEGORIES').flatMap((line) =>
    splitEscaped(plainValue(line), ',').map((text) => unescapeCardText(text, version).replace(/\\,/g, ',')),
  );
}

const CHILD = 'X-MS-CHILD';

/** Children, one line each: vCard knows no name for them that all programs share. */
export const CHILDREN_BINDING: Binding<Card> = {
  names: ['Contacts:Children'],
  read: (card) => {
    const names = propertiesOf(card, CHILD).flatMap(
      (line) => shownText(lineText(line, cardVersion(card)).trim()) ?? [],
    );
    if (names.length === 0) return [];
    return [
      field(
        'Contacts:Children',
        names.map((name) => field('Contacts:Child', name)),
      ),
    ];
  },
  write: (card, fields) => {
    const version = cardVersion(card);
    const names = textsOf(childrenOf(fields, 'Contacts:Children') ?? [], 'Contacts:Child').map((name) => name.trim());
    const lines: ContentLine[] = names
      .filter((name) => name !== '')
      .map((name) => writeValue(makeLine({ name: CHILD, value: '' }), escapeCardText(name, version), version));
    return setProperties(card, CHILD, lines);
  },
};
