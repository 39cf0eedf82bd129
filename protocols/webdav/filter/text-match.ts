import { CALDAV, type XmlElement } from '../xml/element.ts';
import { type Collation, type CollationName, collationNamed } from './collation.ts';
import { invalidFilter, misplaced, unsupportedCollation, unsupportedFilter } from './refusal.ts';

/** How the text has to lie in the value (RFC 6352 §10.5.4). CalDAV knows `contains` alone. */
export type MatchType = 'equals' | 'contains' | 'starts-with' | 'ends-with';

export interface TextMatch {
  /** The text looked for, folded by the collation. */
  readonly folded: string;
  readonly collation: Collation;
  readonly matchType: MatchType;
  readonly negate: boolean;
}

const MATCH_TYPES: ReadonlySet<string> = new Set<MatchType>(['equals', 'contains', 'starts-with', 'ends-with']);

/** RFC 4791 §9.7.5 and RFC 6352 §8.3: what is compared with when no collation is named. */
function defaultCollation(ns: string): CollationName {
  return ns === CALDAV ? 'i;ascii-casemap' : 'i;unicode-casemap';
}

/** Reads `text-match` (RFC 4791 §9.7.5, RFC 6352 §10.5.4). Throws GatewayError 'filter-unsupported'. */
export function readTextMatch(element: XmlElement): TextMatch {
  const fallback = defaultCollation(element.ns);
  const name = element.attributes.get('collation') ?? fallback;
  const collation = collationNamed(name, fallback);
  if (collation === null) throw unsupportedCollation(name);
  let text = '';
  for (const child of element.children) {
    if (typeof child !== 'string') throw misplaced(child, element);
    text += child;
  }
  return { folded: collation.fold(text), collation, matchType: readMatchType(element), negate: readNegate(element) };
}

function readMatchType(element: XmlElement): MatchType {
  // RFC 4791 has no match-type; as an unknown attribute it is passed over there (RFC 4918 §17).
  const value = element.ns === CALDAV ? 'contains' : (element.attributes.get('match-type') ?? 'contains');
  if (!MATCH_TYPES.has(value)) throw unsupportedFilter(`match-type ${value} is not known`);
  return value as MatchType;
}

function readNegate(element: XmlElement): boolean {
  const value = element.attributes.get('negate-condition') ?? 'no';
  if (value !== 'yes' && value !== 'no') throw invalidFilter(`negate-condition is "yes" or "no", not "${value}"`);
  return value === 'yes';
}

/** Whether one value satisfies the text-match, negation included. */
export function textMatches(match: TextMatch, value: string): boolean {
  return isFound(match, match.collation.fold(value)) !== match.negate;
}

function isFound({ matchType, folded }: TextMatch, value: string): boolean {
  switch (matchType) {
    case 'equals':
      return value === folded;
    case 'contains':
      return value.includes(folded);
    case 'starts-with':
      return value.startsWith(folded);
    case 'ends-with':
      return value.endsWith(folded);
  }
}
