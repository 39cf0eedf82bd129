import type { ContentLine } from '../content-line/content-line.ts';
import { isComponent, parameterOf, propertiesOf, propertyOf } from '../content-line/lookup.ts';
import { type Card, type CardVersion, cardVersion } from './card.ts';
import { inlineBytes, lineComponents, lineText, plainValue, preferenceOf, typesOf } from './card-line.ts';

export interface CardName {
  /** FN; '' where missing. */
  readonly formatted: string;
  /** Components of N (RFC 6350 §6.2.2); several values of one are joined by a blank. */
  readonly family: string;
  readonly given: string;
  readonly additional: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** One of several values of a kind. `line` is what an edit names to change it. */
export interface CardEntry {
  readonly line: ContentLine;
  readonly value: string;
  /** Lower case, without `pref`. */
  readonly types: readonly string[];
  /** 1 (most preferred) to 100, or null. */
  readonly preference: number | null;
  /** Apple's custom label of the same group, without its `_$!<…>!$_` wrapping. */
  readonly label: string | null;
}

export interface CardAddress extends CardEntry {
  readonly poBox: string;
  readonly extended: string;
  readonly street: string;
  readonly locality: string;
  readonly region: string;
  readonly postalCode: string;
  readonly country: string;
}

export type CardPhoto =
  | { readonly kind: 'data'; readonly mediaType: string | null; readonly bytes: Uint8Array }
  | { readonly kind: 'uri'; readonly uri: string };

/** First property's text of this name (upper case), decoded; null where there is none. */
export function cardText(card: Card, name: string): string | null {
  const line = propertyOf(card, name);
  return line === null ? null : lineText(line, cardVersion(card));
}

export function cardName(card: Card): CardName {
  const line = propertyOf(card, 'N');
  const parts = line === null ? [] : lineComponents(line, cardVersion(card));
  const part = (at: number): string => (parts[at] ?? []).join(' ').trim();
  return {
    formatted: cardText(card, 'FN') ?? '',
    family: part(0),
    given: part(1),
    additional: part(2),
    prefix: part(3),
    suffix: part(4),
  };
}

export function cardEmails(card: Card): CardEntry[] {
  return entriesOf(card, 'EMAIL', (line, version) => lineText(line, version).replace(/^mailto:/i, ''));
}

/** Numbers as text; `tel:` URIs of 4.0 without their scheme. */
export function cardPhones(card: Card): CardEntry[] {
  return entriesOf(card, 'TEL', (line, version) => lineText(line, version).replace(/^tel:/i, ''));
}

export function cardAddresses(card: Card): CardAddress[] {
  const version = cardVersion(card);
  return entriesOf(card, 'ADR', (line) => parameterOf(line, 'LABEL') ?? '').map((entry) => {
    const parts = lineComponents(entry.line, version);
    // Several values of one component are lines or parts of it (RFC 6350 §6.3.1).
    const part = (at: number): string => (parts[at] ?? []).join(', ');
    const address = { poBox: part(0), extended: part(1), street: part(2), locality: part(3) };
    return { ...entry, ...address, region: part(4), postalCode: part(5), country: part(6) };
  });
}

function entriesOf(card: Card, name: string, read: (line: ContentLine, version: CardVersion) => string): CardEntry[] {
  const version = cardVersion(card);
  return propertiesOf(card, name).map((line) => ({
    line,
    value: read(line, version),
    types: typesOf(line).filter((type) => type !== 'internet'),
    preference: preferenceOf(line),
    label: labelOf(card, line.group, version),
  }));
}

function labelOf(card: Card, group: string | null, version: CardVersion): string | null {
  if (group === null) return null;
  const wanted = group.toLowerCase();
  for (const child of card.children) {
    if (isComponent(child) || child.name !== 'X-ABLABEL' || child.group?.toLowerCase() !== wanted) continue;
    const text = lineText(child, version);
    return /^_\$!<(.*)>!\$_$/s.exec(text)?.[1] ?? text;
  }
  return null;
}

/** The first PHOTO; null where there is none or an empty one. */
export function cardPhoto(card: Card): CardPhoto | null {
  const line = propertyOf(card, 'PHOTO');
  if (line === null) return null;
  const inline = inlineBytes(line);
  if (inline !== null) return inline.bytes.length === 0 ? null : { kind: 'data', ...inline };
  const uri = plainValue(line)
    .replace(/\\([:;,])/g, '$1')
    .trim();
  return uri === '' ? null : { kind: 'uri', uri };
}

/** UID as written, escapes undone; null where missing or empty. */
export function cardUid(card: Card): string | null {
  const uid = cardText(card, 'UID')?.trim() ?? '';
  return uid === '' ? null : uid;
}
