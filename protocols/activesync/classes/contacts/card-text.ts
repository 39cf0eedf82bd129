import type { ContentLine } from '../../../../src/formats/content-line/content-line.ts';
import { propertiesOf, propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { type Card, cardVersion } from '../../../../src/formats/vcard/card.ts';
import { lineText } from '../../../../src/formats/vcard/card-line.ts';
import { editCard } from '../../../../src/formats/vcard/edit-card.ts';
import { type Binding, normalText } from '../binding.ts';
import { shownText } from '../component/text-binding.ts';
import { optional } from '../field.ts';
import { readText } from '../read-values.ts';

/** The first line of the first of these names that the card has, else null. */
export function firstLine(card: Card, names: readonly string[]): ContentLine | null {
  for (const name of names) {
    const line = propertyOf(card, name);
    if (line !== null) return line;
  }
  return null;
}

/** Text of a line; null where it says nothing. */
export function textOfLine(card: Card, line: ContentLine | null): string | null {
  return line === null ? null : shownText(lineText(line, cardVersion(card)).trim());
}

/** The text a client gives an element; null where it wants none. */
export function wantedText(fields: Parameters<typeof readText>[0], element: string): string | null {
  const text = normalText(readText(fields, element) ?? '');
  return text === '' ? null : text;
}

/**
 * One element that is the text of one property.
 * @param properties Names under which programs write it; the first is used for a new one.
 */
export function cardTextBinding(element: string, ...properties: readonly string[]): Binding<Card> {
  return {
    names: [element],
    read: (card) => optional(element, textOfLine(card, firstLine(card, properties))),
    write: (card, fields) => {
      const text = wantedText(fields, element);
      const line = firstLine(card, properties);
      if (line !== null) return editCard(card, { replace: new Map([[line, text]]) });
      return text === null ? card : editCard(card, { set: { [properties[0]!]: text } });
    },
  };
}

/** All lines of these names, in the order of the card. */
export function linesNamed(card: Card, names: ReadonlySet<string>): ContentLine[] {
  return propertiesOf(card).filter((line) => names.has(line.name));
}
