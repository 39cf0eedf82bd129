import type { ContentLine } from '../../../src/formats/content-line/content-line.ts';
import { propertiesOf } from '../../../src/formats/content-line/lookup.ts';
import { type Card, type CardVersion, cardVersion } from '../../../src/formats/vcard/card.ts';
import { lineText } from '../../../src/formats/vcard/card-line.ts';
import { parameterMatches } from '../../webdav/filter/param-filter.ts';
import { textMatches } from '../../webdav/filter/text-match.ts';
import type { AddressFilter, FilterTest, PropFilter } from './address-filter.ts';

/** Whether a parsed VCARD satisfies the filter (RFC 6352 §10.5). A filter without conditions matches every card. */
export function cardMatches(filter: AddressFilter, card: Card): boolean {
  if (filter.propFilters.length === 0) return true;
  const version = cardVersion(card);
  return combine(filter.test, filter.propFilters, (propFilter) => propFilterMatches(propFilter, card, version));
}

/** Whether some property of that name (and group, if one is named) satisfies the conditions (RFC 6352 §10.5.1). */
function propFilterMatches(filter: PropFilter, card: Card, version: CardVersion): boolean {
  const found = propertiesOf(card, filter.name).filter(
    (line) => filter.group === null || line.group?.toUpperCase() === filter.group,
  );
  if (filter.isNotDefined) return found.length === 0;
  return found.some((line) => lineMatches(filter, line, version));
}

function lineMatches(filter: PropFilter, line: ContentLine, version: CardVersion): boolean {
  const { textMatches: texts, paramFilters, test } = filter;
  if (texts.length === 0 && paramFilters.length === 0) return true;
  const value = texts.length === 0 ? '' : lineText(line, version);
  const conditions = [
    ...texts.map((text) => () => textMatches(text, value)),
    ...paramFilters.map((paramFilter) => () => parameterMatches(paramFilter, line.parameters)),
  ];
  return combine(test, conditions, (condition) => condition());
}

function combine<T>(test: FilterTest, conditions: readonly T[], holds: (condition: T) => boolean): boolean {
  return test === 'allof' ? conditions.every(holds) : conditions.some(holds);
}
