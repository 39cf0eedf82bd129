import { htmlToText } from '../../../../src/formats/html/html-to-text.ts';
import type { Binding } from '../binding.ts';
import { normalText } from '../binding.ts';
import { ClassDataError } from '../class-error.ts';
import { childrenOf, type Field, textOf } from '../field.ts';
import { readBoolean, readInteger } from '../read-values.ts';
import { bodyFields, textAs } from './body-fields.ts';

/** The note of an event, task, note or contact. */
export interface NoteText {
  readonly plain: string;
  /** The formatted form beside it, where one is stored. */
  readonly html: string | null;
}

/** Body of a class whose items hold a text. An absent Body stays (MS-ASCMD, "What a Change means"). */
export function bodyBinding<C>(access: {
  read(content: C): NoteText;
  write(content: C, text: NoteText): C;
}): Binding<C> {
  return {
    names: ['AirSyncBase:Body'],
    staysWhenAbsent: true,
    read: (content, options) => bodyFields(sourceOf(access.read(content)), options),
    write: (content, fields) => {
      const body = childrenOf(fields, 'AirSyncBase:Body');
      if (body === null) return content;
      const current = access.read(content);
      const next = readBody(body, current);
      return next === null ? content : access.write(content, next);
    },
  };
}

function sourceOf({ plain, html }: NoteText) {
  const native = html === null ? { type: 1 as const, text: plain } : { type: 2 as const, text: html };
  return { ...native, unreadBytes: 0, mime: null };
}

/** What a Body may say, in this order (MS-ASAIRS §2.2.2.9). */
const PARTS: readonly string[] = ['Type', 'EstimatedDataSize', 'Truncated', 'Data', 'Part', 'Preview'].map(
  (name) => `AirSyncBase:${name}`,
);

/**
 * A Body with something twice, in another order, or with another one inside is not understood (MS-ASAIRS §3.2.5.1).
 * @throws ClassDataError
 */
function checkParts(body: readonly Field[]): void {
  const places = body.map(({ name }) => PARTS.indexOf(name));
  const wrong = places.findIndex((place, at) => place <= (places[at - 1] ?? -1));
  if (wrong >= 0) throw new ClassDataError(body[wrong]!.name, 'not in this place of a body');
}

/** The text a client sent; null where it says what is there, or sent back the beginning that it was given. */
function readBody(body: readonly Field[], current: NoteText): NoteText | null {
  checkParts(body);
  const type = readInteger(body, 'AirSyncBase:Type', 1, 4) ?? 1;
  if (type > 2) throw new ClassDataError('AirSyncBase:Type', 'a body is taken as plain text or HTML');
  const data = textOf(body, 'AirSyncBase:Data') ?? '';
  const shown = textAs(sourceOf(current), type as 1 | 2);
  if (normalText(data) === normalText(shown)) return null;
  const isTruncated = readBoolean(body, 'AirSyncBase:Truncated') === true;
  if (isTruncated && normalText(shown).startsWith(normalText(data))) return null;
  if (type === 1) return { plain: data.replace(/\r\n?/g, '\n'), html: null };
  const plain = htmlToText(data);
  return { plain, html: plain === '' ? null : data };
}
