import { setProperty } from '../content-line/edit.ts';
import { makeLine } from '../content-line/line.ts';
import { propertiesOf, propertyOf } from '../content-line/lookup.ts';
import { type Card, cardVersion } from './card.ts';
import { cardUid } from './card-views.ts';
import { escapeCardText } from './card-write.ts';

export interface CardProblem {
  /**
   * `error`: programs cannot tell what card this is (RFC 6352 §5.1). `warning`: against RFC 2426 or RFC 6350, but common
   * and read by everyone.
   */
  readonly severity: 'error' | 'warning';
  readonly reason: string;
  /** From 1, 0 where it belongs to no line. */
  readonly line: number;
}

/** Properties a card may have once at most (RFC 6350 §6). */
const AT_MOST_ONCE = ['BDAY', 'ANNIVERSARY', 'GENDER', 'REV', 'PRODID', 'KIND'];

/** What is wrong with a card as a CardDAV resource, errors and warnings in the order of RFC 6352 §5.1 and RFC 6350 §6. */
export function validateCard(card: Card): CardProblem[] {
  const problems: CardProblem[] = [];
  const add = (severity: CardProblem['severity'], reason: string, line = card.begin?.line ?? 0): void => {
    problems.push({ severity, reason, line });
  };
  const versions = propertiesOf(card, 'VERSION');
  const version = versions[0];
  if (version === undefined) add('error', 'the card has no VERSION');
  else if (!/^(?:3\.0|4\.0)$/.test(version.value.trim())) {
    add('error', `VERSION ${version.value.trim().slice(0, 20)} where 3.0 or 4.0 is wanted`, version.line);
  }
  if (versions.length > 1) add('error', 'more than one VERSION', versions[1]!.line);
  const uids = propertiesOf(card, 'UID');
  if (cardUid(card) === null) add('error', 'the card has no UID', uids[0]?.line);
  if (uids.length > 1) add('error', 'more than one UID', uids[1]!.line);
  const names = propertiesOf(card, 'FN');
  if (names.length === 0) add('warning', 'the card has no FN');
  if (cardVersion(card) === '3.0' && propertyOf(card, 'N') === null) add('warning', 'the card has no N');
  for (const name of ['N', ...AT_MOST_ONCE]) {
    // Alternatives of one property share an ALTID (RFC 6350 §5.4).
    const lines = propertiesOf(card, name).filter(
      (line) => !line.parameters.some((parameter) => parameter.name === 'ALTID'),
    );
    if (lines.length > 1) add('warning', `more than one ${name}`, lines[1]!.line);
  }
  return problems;
}

/** The card with this UID; everything else keeps its bytes. */
export function withUid(card: Card, uid: string): Card {
  if (cardUid(card) === uid && propertiesOf(card, 'UID').length === 1) return card;
  return setProperty(card, makeLine({ name: 'UID', value: escapeCardText(uid, cardVersion(card)) }));
}
