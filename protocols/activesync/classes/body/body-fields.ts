import { htmlToText } from '../../../../src/formats/html/html-to-text.ts';
import { textToHtml } from '../../../../src/formats/html/text-to-html.ts';
import { pendingTail } from '../../../../src/formats/mime/charset.ts';
import { type Field, field, optional, type StreamedValue } from '../field.ts';
import type { BodyPartPreference, BodyPreference, RenderOptions } from '../options.ts';
import { isAtLeast } from '../version.ts';
import { byteLength, truncateText } from './truncate.ts';

/** A body in the form it is stored in. */
export interface BodySource {
  readonly type: 1 | 2;
  /** The form of the item itself where `text` is another one of it. */
  readonly nativeType?: 1 | 2;
  /** All of the text, or its beginning where `unreadBytes` is not 0. */
  readonly text: string;
  /** About as many bytes of the text were not read. */
  readonly unreadBytes: number;
  /** The message for type 4; null where MIME is not to be sent. */
  readonly mime: StreamedValue | null;
}

const PLAIN: BodyPreference = { type: 1, truncationSize: null, allOrNone: false, preview: 0 };
/** MS-ASAIRS §2.2.2.35: a preview has at most 255 characters. */
const LONGEST_PREVIEW = 255;
/** Characters of a body that are looked at for a preview. */
const PREVIEWED = 100_000;
/** MS-ASAIRS §2.2.2.37. */
const PART_TOO_LARGE = '176';

/**
 * Body and NativeBodyType by the client's preferences (MS-ASAIRS §3.2.5): MIME where it is to be sent and asked for, else
 * the stored form, else the first of the list; one that wants all or nothing and is too big passes to the next.
 */
export function bodyFields(given: BodySource, options: RenderOptions): Field[] {
  const source = new Forms(given);
  const candidates = orderedPreferences(source, options.bodyPreferences);
  const chosen = candidates.find((preference) => !isRefused(source, preference));
  const body = chosen === undefined ? withoutData(source, candidates.at(-1)!) : withData(source, chosen);
  const preview = previewOf(source, chosen ?? candidates.at(-1)!, options);
  return [
    field('AirSyncBase:Body', [...body, ...optional('AirSyncBase:Preview', preview)]),
    field('AirSyncBase:NativeBodyType', String(source.nativeType)),
  ];
}

/**
 * BodyPart (MS-ASAIRS §2.2.2.10): always HTML. The part of a message that no other of its conversation has is the whole
 * of it here, what it quotes included.
 */
export function bodyPartFields(given: BodySource, preference: BodyPartPreference, options: RenderOptions): Field[] {
  const source = new Forms(given);
  const asked: BodyPreference = { ...preference, type: 2 };
  const isTooLarge = isRefused(source, asked);
  return [
    field('AirSyncBase:BodyPart', [
      field('AirSyncBase:Status', isTooLarge ? PART_TOO_LARGE : '1'),
      ...(isTooLarge ? withoutData(source, asked) : withData(source, asked)),
      ...optional('AirSyncBase:Preview', previewOf(source, asked, options)),
    ]),
  ];
}

function orderedPreferences(source: Forms, given: readonly BodyPreference[]): BodyPreference[] {
  const usable = given.filter(({ type }) => type !== 4 || source.mime !== null);
  const rank = ({ type }: BodyPreference): number => (type === 4 ? 0 : type === source.type ? 1 : 2);
  return usable.length === 0 ? [PLAIN] : [...usable].sort((a, b) => rank(a) - rank(b));
}

function isRefused(source: Forms, { type, allOrNone, truncationSize }: BodyPreference): boolean {
  return allOrNone && truncationSize !== null && sizeOf(source, type) > truncationSize;
}

function withData(source: Forms, { type, truncationSize }: BodyPreference): Field[] {
  const size = sizeOf(source, type);
  if (type === 4) return mimeBody(source.mime!, truncationSize);
  const text = source.as(type);
  const data = truncationSize === null ? text : truncateText(text, truncationSize);
  const isTruncated = source.unreadBytes > 0 || data.length < text.length;
  return [...head(type, size), ...truncated(isTruncated), ...optional('AirSyncBase:Data', data === '' ? null : data)];
}

/** Of MIME it is always said whether it was cut (MS-ASCMD §2.2.3.110). */
function mimeBody(mime: StreamedValue, truncationSize: number | null): Field[] {
  const isTruncated = truncationSize !== null && mime.byteLength > truncationSize;
  const data = isTruncated ? beginningOf(mime, truncationSize) : mime;
  const shown = isTruncated && truncationSize === 0 ? [] : [field('AirSyncBase:Data', data)];
  return [...head(4, mime.byteLength), field('AirSyncBase:Truncated', isTruncated ? '1' : '0'), ...shown];
}

function withoutData(source: Forms, { type }: BodyPreference): Field[] {
  return [...head(type, sizeOf(source, type)), ...truncated(true)];
}

function head(type: number, size: number): Field[] {
  return [field('AirSyncBase:Type', String(type)), field('AirSyncBase:EstimatedDataSize', String(size))];
}

function truncated(isTruncated: boolean): Field[] {
  return isTruncated ? [field('AirSyncBase:Truncated', '1')] : [];
}

/** Exactly so many bytes: what is left of a character that was cut becomes `?`. */
function beginningOf(mime: StreamedValue, bytes: number): StreamedValue {
  return {
    byteLength: bytes,
    async *open() {
      let left = bytes;
      let pending = new Uint8Array(0);
      if (left === 0) return;
      for await (const chunk of mime.open()) {
        const piece = Buffer.concat([pending, chunk.subarray(0, left)]);
        left -= Math.min(left, chunk.length);
        const whole = piece.length - pendingTail(piece);
        pending = new Uint8Array(piece.subarray(whole));
        if (whole > 0) yield piece.subarray(0, whole);
        if (left === 0) break;
      }
      if (pending.length > 0) yield pending.fill(63);
    },
  };
}

function sizeOf(source: Forms, type: BodyPreference['type']): number {
  return type === 4 ? source.mime!.byteLength : byteLength(source.as(type)) + source.unreadBytes;
}

/** The text in the wanted form; lines end with CRLF, as Exchange sends them. */
export function textAs(source: Pick<BodySource, 'type' | 'text'>, type: 1 | 2): string {
  const text = source.type === type ? source.text : type === 1 ? htmlToText(source.text) : textToHtml(source.text);
  return withoutControls(text).replace(/\r\n?|\n/g, '\r\n');
}

/** XML 1.0 has no place for control characters, and many phones stop at them. */
function withoutControls(text: string): string {
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '').toWellFormed();
}

function previewOf(source: Forms, { preview }: BodyPreference, options: RenderOptions): string | null {
  if (preview <= 0 || !isAtLeast(options.version, '14.0')) return null;
  const longest = Math.min(preview, LONGEST_PREVIEW);
  const text = source.beginning().replace(/\s+/g, ' ').trim();
  const characters = [...text.slice(0, longest * 2)].slice(0, longest);
  return characters.length === 0 ? null : characters.join('');
}

/** A body whose text is made over once for size, data and preview. */
class Forms implements BodySource {
  readonly type: 1 | 2;
  readonly nativeType: 1 | 2;
  readonly text: string;
  readonly unreadBytes: number;
  readonly mime: StreamedValue | null;
  readonly #made = new Map<1 | 2, string>();

  constructor({ type, nativeType, text, unreadBytes, mime }: BodySource) {
    this.type = type;
    this.nativeType = nativeType ?? type;
    this.text = text;
    this.unreadBytes = unreadBytes;
    this.mime = mime;
  }

  as(type: 1 | 2): string {
    let made = this.#made.get(type);
    if (made === undefined) {
      made = textAs(this, type);
      this.#made.set(type, made);
    }
    return made;
  }

  /** Enough of the plain text for any preview, however much markup comes before it. */
  beginning(): string {
    const made = this.#made.get(1);
    if (made !== undefined) return made.slice(0, PREVIEWED);
    return textAs({ type: this.type, text: this.text.slice(0, PREVIEWED) }, 1);
  }
}
