import type { Component } from '../content-line/content-line.ts';
import { isComponent, propertyOf } from '../content-line/lookup.ts';
import { type ParseOptions, parseComponents } from '../content-line/parse-components.ts';
import { serializeComponent } from '../content-line/serialize.ts';
import { ContentSyntaxError } from '../content-line/syntax-error.ts';

/** One VCARD component; sub-components are the nested cards of AGENT (vCard 2.1 §2.1.6.5). */
export type Card = Component;

export type CardVersion = '2.1' | '3.0' | '4.0';

/** Cards inside each other by AGENT: each one more doubles the escapes of what is in it where it becomes text. */
const MAX_CARD_DEPTH = 4;

/**
 * Reads all cards of a file, any version. With `lenient` what is no card or cannot be read is told to `onProblem` and
 * left out. Throws ContentSyntaxError and nothing else.
 */
export function parseCards(bytes: Uint8Array, options: ParseOptions = {}): Card[] {
  const cards: Card[] = [];
  for (const component of parseComponents(bytes, { maxDepth: MAX_CARD_DEPTH, ...options })) {
    if (component.name === 'VCARD') {
      cards.push(options.lenient ? withoutOpenBreak(component) : component);
      continue;
    }
    const problem = new ContentSyntaxError(`${component.name} where a VCARD belongs`, component.begin?.line ?? 0);
    if (!options.lenient) throw problem;
    options.onProblem?.(problem);
  }
  return cards;
}

/** A quoted-printable soft break at the end of a cut-off file would swallow the END that is written now. */
function withoutOpenBreak(component: Component): Component {
  const last = component.children.at(-1);
  if (component.end !== null || last === undefined) return component;
  const closed = isComponent(last) ? withoutOpenBreak(last) : { ...last, raw: null };
  return { ...component, children: component.children.with(-1, closed) };
}

/** Reads exactly one card. Throws ContentSyntaxError where there is none or more than one. */
export function parseCard(bytes: Uint8Array): Card {
  const [card, second] = parseCards(bytes);
  if (card === undefined) throw new ContentSyntaxError('no VCARD', 0);
  if (second !== undefined) throw new ContentSyntaxError('more than one VCARD', second.begin?.line ?? 0);
  return card;
}

/** The card's bytes: lines nobody changed are exactly those that were read. */
export function serializeCard(card: Card): Uint8Array {
  return serializeComponent(card);
}

/**
 * The card's VERSION. Without a readable one the syntax decides: bare parameters and quoted-printable are of 2.1, all
 * else is read as 3.0.
 */
export function cardVersion(card: Card): CardVersion {
  const version = propertyOf(card, 'VERSION')?.value.trim();
  if (version === '2.1' || version === '3.0' || version === '4.0') return version;
  const isOld = card.children.some(
    (child) =>
      !isComponent(child) &&
      child.parameters.some(
        ({ name, values }) => name === '' || (name === 'ENCODING' && values[0]?.toUpperCase() === 'QUOTED-PRINTABLE'),
      ),
  );
  return isOld ? '2.1' : '3.0';
}
