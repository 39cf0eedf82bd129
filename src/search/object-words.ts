import type { Component, ContentLine } from '../formats/content-line/content-line.ts';
import { isComponent, parameterOf } from '../formats/content-line/lookup.ts';
import { parseComponents } from '../formats/content-line/parse-components.ts';
import { ContentSyntaxError } from '../formats/content-line/syntax-error.ts';
import { unescapeText } from '../formats/content-line/text.ts';
import { wordsOf } from './words.ts';

/** Characters of one value that are looked at. */
const VALUE_CHARACTERS = 64 * 1024;
const MOST_WORDS = 10_000;
/** What stands inside an object for programs: people search for nothing in it. */
const FOR_PROGRAMS = new Set(['VTIMEZONE', 'VALARM']);
/** Properties without words of people: names of formats, ids, pictures and keys, markup of what is text as well. */
const WITHOUT_WORDS =
  /^(?:VERSION|PRODID|CALSCALE|METHOD|UID|REV|KIND|CLASS|TRANSP|STATUS|ACTION|PHOTO|LOGO|SOUND|KEY|RRULE|EXRULE|SEQUENCE|ATTACH|X-ALT-DESC|X-MICROSOFT-.*)$/;
/** Dates, times, numbers: values that hold no letters but those of their own form. */
const VALUE_OF_TIME = /^[-+\dTZPWDHMS:;,./]+$/;

/**
 * The words by which an event, a task, a note or a contact is found: what people wrote in any property, and the names and
 * addresses of people. What cannot be read has none.
 */
export function objectWords(content: Uint8Array): string[] {
  try {
    const texts = parseComponents(content).flatMap(textsOf);
    return wordsOf(texts.join('\n'), MOST_WORDS);
  } catch (error) {
    if (error instanceof ContentSyntaxError) return [];
    throw error;
  }
}

function textsOf(component: Component): string[] {
  if (FOR_PROGRAMS.has(component.name)) return [];
  return component.children.flatMap((child) => (isComponent(child) ? textsOf(child) : textsOfLine(child)));
}

function textsOfLine(line: ContentLine): string[] {
  if (WITHOUT_WORDS.test(line.name)) return [];
  const name = parameterOf(line, 'CN') ?? '';
  // A number of a phone is what people look for; a time is not.
  const isTime = line.name !== 'TEL' && VALUE_OF_TIME.test(line.value);
  const value = isTime ? '' : line.value.slice(0, VALUE_CHARACTERS).replace(/^(?:mailto|tel):/i, '');
  return [name, unescapeText(value)];
}
