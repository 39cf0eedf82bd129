import type { Component, ContentLine, Parameter } from '../content-line/content-line.ts';
import { removeProperty, withChildren, withProperty } from '../content-line/edit.ts';
import { makeLine } from '../content-line/line.ts';
import { isComponent, propertyOf } from '../content-line/lookup.ts';
import { lineEndOf, serializeLine } from '../content-line/serialize.ts';
import { splitEscaped } from '../content-line/text.ts';
import { type Card, type CardVersion, cardVersion } from './card.ts';
import { lineText, plainValue, unescapeCardText } from './card-line.ts';
import type { CardPhoto } from './card-views.ts';
import { escapeCardText, remakeLine, writeValue } from './card-write.ts';
import { photoLine } from './photo-line.ts';

/** One text, or the components of a structured value; `undefined` leaves a component as it is written. */
export type NewValue = string | readonly (string | undefined)[];

export interface NewEntry {
  readonly name: string;
  readonly value: NewValue;
  readonly types?: readonly string[];
  /** Custom label: the new line gets a group of its own with Apple's X-ABLabel. */
  readonly label?: string;
}

/** What an editor wants changed; everything it does not name stays byte for byte. */
export interface CardChanges {
  /**
   * Property name → the value its first line gets (made when missing), null removes all lines of the name. For what a
   * card has once: FN, N, ORG, TITLE, NOTE, BDAY, UID, REV.
   */
  readonly set?: Readonly<Record<string, NewValue | null>>;
  /** Lines of this card (found by identity, as the views give them) and their new value; null removes the line and its label. */
  readonly replace?: ReadonlyMap<ContentLine, NewValue | null>;
  readonly add?: readonly NewEntry[];
  /** null removes all photos. */
  readonly photo?: CardPhoto | null;
}

/**
 * The card with the changes. A changed line keeps its group, place, types and unknown parameters; one that is set to
 * the value it has keeps its bytes. REV is the caller's to set.
 * @throws TypeError when `replace` names a line that is not the card's.
 */
export function editCard(card: Card, changes: CardChanges): Card {
  const version = cardVersion(card);
  let result = card;
  for (const [line, value] of changes.replace ?? []) result = replaceLine(result, line, value, version);
  for (const [name, value] of Object.entries(changes.set ?? {}))
    result = setValue(result, name.toUpperCase(), value, version);
  for (const entry of changes.add ?? []) result = addEntry(result, entry, version);
  if (changes.photo !== undefined) result = setPhoto(result, changes.photo, version);
  return result;
}

function setValue(card: Card, name: string, value: NewValue | null, version: CardVersion): Card {
  const line = propertyOf(card, name);
  if (value !== null && line !== null) return replaceLine(card, line, value, version);
  if (value !== null) return withProperty(card, makeLineOf(name, value, version));
  let result = card;
  for (let old: ContentLine | null = line; old !== null; old = propertyOf(result, name)) {
    result = replaceLine(result, old, null, version);
  }
  return result;
}

function makeLineOf(name: string, value: NewValue, version: CardVersion): ContentLine {
  return writeValue(makeLine({ name, value: '' }), encodeValue(value, [], version), version);
}

function replaceLine(card: Card, line: ContentLine, value: NewValue | null, version: CardVersion): Card {
  const at = card.children.indexOf(line);
  if (at < 0) throw new TypeError(`the card does not hold that ${line.name}`);
  if (value === null) return dropLabels(withChildren(card, card.children.toSpliced(at, 1)), line.group);
  if (saysAlready(line, value, version)) return card;
  const old = splitEscaped(plainValue(line), ';');
  return withChildren(card, card.children.with(at, writeValue(line, encodeValue(value, old, version), version)));
}

/** Whether the line's value already reads as the new one, however it is escaped and encoded. */
function saysAlready(line: ContentLine, value: NewValue, version: CardVersion): boolean {
  if (typeof value === 'string') return lineText(line, version) === normalize(value);
  const old = splitEscaped(plainValue(line), ';');
  return Array.from({ length: Math.max(old.length, value.length) }, (_, at) => at).every((at) => {
    const wanted = value[at];
    return wanted === undefined || unescapeCardText(old[at] ?? '', version) === normalize(wanted);
  });
}

function normalize(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** Components not mentioned keep their escapes; one that reads the same as before does too (lists in it stay lists). */
function encodeValue(value: NewValue, old: readonly string[], version: CardVersion): string {
  if (typeof value === 'string') return escapeCardText(value, version);
  return Array.from({ length: Math.max(old.length, value.length) }, (_, at) => {
    const wanted = value[at];
    const before = old[at] ?? '';
    if (wanted === undefined || unescapeCardText(before, version) === normalize(wanted)) return before;
    return escapeCardText(wanted, version);
  }).join(';');
}

/** Removes what only described a removed line: Apple's label and address-format lines of a group nothing else is in. */
function dropLabels(card: Card, group: string | null): Card {
  if (group === null) return card;
  const isOfGroup = (child: ContentLine | Component): child is ContentLine =>
    !isComponent(child) && child.group?.toLowerCase() === group.toLowerCase();
  const isLabel = (child: ContentLine): boolean => child.name === 'X-ABLABEL' || child.name === 'X-ABADR';
  if (card.children.some((child) => isOfGroup(child) && !isLabel(child))) return card;
  return withChildren(
    card,
    card.children.filter((child) => !isOfGroup(child)),
  );
}

function addEntry(card: Card, entry: NewEntry, version: CardVersion): Card {
  const group = entry.label === undefined ? null : freeGroup(card);
  const made = makeLineOf(entry.name.toUpperCase(), entry.value, version);
  const parameters = [...typeParameters(entry, version), ...made.parameters];
  const result = insertAfterName(card, remakeLine(made, { parameters, group }));
  if (entry.label === undefined) return result;
  const label = makeLine({ name: 'X-ABLABEL', group, value: escapeCardText(entry.label, version) });
  return withProperty(result, spelled(label, 'X-ABLabel', lineEndOf(card)));
}

function typeParameters({ types = [] }: NewEntry, version: CardVersion): Parameter[] {
  if (version === '2.1') return types.map((word) => ({ name: '', values: [word.toUpperCase()] }));
  return types.length === 0 ? [] : [{ name: 'TYPE', values: types }];
}

/** Behind the last line of the same name, so that lists stay together; else behind the last property. */
function insertAfterName(card: Card, line: ContentLine): Card {
  const last = card.children.findLastIndex((child) => !isComponent(child) && child.name === line.name);
  if (last < 0) return withProperty(card, line);
  return withChildren(card, card.children.toSpliced(last + 1, 0, line));
}

function freeGroup(card: Card): string {
  const used = new Set(card.children.map((child) => (isComponent(child) ? null : child.group?.toLowerCase())));
  for (let number = 1; ; number += 1) if (!used.has(`item${number}`)) return `item${number}`;
}

/** The line's bytes with its name in the spelling its readers look for: Apple compares X-ABLabel with its case. */
function spelled(line: ContentLine, name: string, lineEnd: string): ContentLine {
  return { ...line, raw: serializeLine(line, lineEnd).replace(line.name, name) };
}

function setPhoto(card: Card, photo: CardPhoto | null, version: CardVersion): Card {
  const old = propertyOf(card, 'PHOTO');
  if (photo === null) return removeProperty(card, 'PHOTO');
  const line = photoLine(photo, version, old);
  if (old === null) return withProperty(card, line);
  return withChildren(card, card.children.with(card.children.indexOf(old), line));
}
