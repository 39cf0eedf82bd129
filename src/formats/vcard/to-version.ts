import type { Component, ContentLine, Parameter } from '../content-line/content-line.ts';
import { makeLine } from '../content-line/line.ts';
import { componentsOf, isComponent, propertiesOf, propertyOf } from '../content-line/lookup.ts';
import { escapeText, splitEscaped } from '../content-line/text.ts';
import { type Card, type CardVersion, cardVersion, serializeCard } from './card.ts';
import { encodingOf, lineText, plainValue, typeWords, unescapeCardText, valueKindOf } from './card-line.ts';
import { cardName } from './card-views.ts';
import { remakeLine } from './card-write.ts';
import { toLinesOf30 } from './lines-to-30.ts';
import { toLinesOf40 } from './lines-to-40.ts';

/**
 * The card in another version, as CardDAV negotiates it (RFC 6352 §5.1, §10.4.1). What both versions write alike keeps
 * its bytes; properties the target does not define are kept under their own name, so that nothing is lost. The same
 * object when it has that version already.
 */
export function toVersion(card: Card, target: '3.0' | '4.0'): Card {
  const source = cardVersion(card);
  if (source === target && propertyOf(card, 'VERSION') !== null) return card;
  const modern = source === '2.1' ? from21(card) : card;
  const lines = convertLines(modern, source === '4.0' ? '4.0' : '3.0', target);
  return { ...card, children: withRequired({ ...card, children: lines }, target) };
}

function convertLines(card: Card, from: '3.0' | '4.0', target: '3.0' | '4.0'): (ContentLine | Component)[] {
  const lines = propertiesOf(card).filter((line) => line.name !== 'VERSION');
  if (from === target) return [...lines, ...componentsOf(card)];
  return [...(target === '4.0' ? toLinesOf40(lines) : toLinesOf30(lines)), ...componentsOf(card)];
}

/** VERSION first (RFC 6350 §6.7.9), and FN and N where the version wants them and the card has none. */
function withRequired(card: Card, target: '3.0' | '4.0'): (ContentLine | Component)[] {
  const lines = [makeLine({ name: 'VERSION', value: target })];
  const name = cardName({ ...card, children: [...lines, ...card.children] });
  if (propertyOf(card, 'FN') === null) {
    const words = [name.prefix, name.given, name.additional, name.family, name.suffix].filter((word) => word !== '');
    lines.push(makeLine({ name: 'FN', value: escapeText(words.join(' ') || fallbackName(card, target)) }));
  }
  // RFC 2426 §3.1.2: N is required in 3.0; 4.0 does without.
  if (target === '3.0' && propertyOf(card, 'N') === null) {
    lines.push(makeLine({ name: 'N', value: `${escapeText(name.formatted)};;;;` }));
  }
  return [...lines, ...card.children];
}

function fallbackName(card: Card, version: CardVersion): string {
  const line = ['NICKNAME', 'ORG', 'EMAIL', 'TEL']
    .map((name) => propertyOf(card, name))
    .find((found) => found !== null);
  return line === undefined || line === null ? '' : lineText(line, version).replace(/;+/g, ' ').trim();
}

/** 2.1 → the syntax of 3.0: no quoted-printable, no charsets, no bare parameters; nested cards become AGENT text. */
function from21(card: Card): Card {
  const children: (ContentLine | Component)[] = [];
  for (const child of card.children) {
    if (!isComponent(child)) {
      // An AGENT line without value announces the nested card behind it (vCard 2.1 §2.1.6.5).
      if (child.name !== 'AGENT' || child.value.trim() !== '') children.push(lineFrom21(child));
    } else if (child.name !== 'VCARD') {
      children.push(child);
    } else {
      const text = Buffer.from(serializeCard(toVersion(child, '3.0'))).toString('utf8');
      children.push(makeLine({ name: 'AGENT', value: escapeText(text.replace(/\r?\n[ \t]/g, '')) }));
    }
  }
  return { ...card, children };
}

/** Structured values, whose semicolons separate. */
const STRUCTURED = new Set(['N', 'ADR', 'ORG', 'GEO']);

function lineFrom21(line: ContentLine): ContentLine {
  const parameters = parametersFrom21(line);
  if (encodingOf(line) === 'base64') return remakeLine(line, { parameters, value: line.value.replace(/\s+/g, '') });
  const value = valueFrom21(line);
  const isSame = value === line.value && line.parameters.every(({ name }) => name !== '' && name !== 'CHARSET');
  return isSame ? line : remakeLine(line, { parameters, value });
}

function valueFrom21(line: ContentLine): string {
  const value = plainValue(line);
  const kind = valueKindOf(line);
  if (kind === 'url' || kind === 'uri' || line.name === 'URL' || line.name === 'UID') return value;
  if (STRUCTURED.has(line.name)) {
    return splitEscaped(value, ';')
      .map((part) => escapeText(unescapeCardText(part, '2.1')))
      .join(';');
  }
  // Categories and nicknames are lists in 3.0, and their commas separate in what 2.1 programs write too.
  if (line.name === 'CATEGORIES' || line.name === 'NICKNAME') {
    return splitEscaped(value.replace(/;/g, ','), ',')
      .map((part) => escapeText(unescapeCardText(part, '2.1').trim()))
      .join(',');
  }
  return escapeText(unescapeCardText(value, '2.1'));
}

function parametersFrom21(line: ContentLine): Parameter[] {
  const dropped = new Set(['', 'TYPE', 'ENCODING', 'CHARSET', 'VALUE']);
  const parameters: Parameter[] = [];
  const kind = valueKindOf(line);
  if (encodingOf(line) === 'base64') parameters.push({ name: 'ENCODING', values: ['b'] });
  if (kind === 'url' || kind === 'uri') parameters.push({ name: 'VALUE', values: ['uri'] });
  const words = typeWords(line);
  if (words.length > 0) parameters.push({ name: 'TYPE', values: words });
  return [...parameters, ...line.parameters.filter(({ name }) => !dropped.has(name))];
}
