import { htmlToText } from '../../../../src/formats/html/html-to-text.ts';
import { textToHtml } from '../../../../src/formats/html/text-to-html.ts';
import { type Field, field, optional, type StreamedValue } from '../field.ts';
import type { BodyPreference, RenderOptions } from '../options.ts';
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
/** MS-ASAIRS §2.2.2.37: a preview has at most 255 characters. */
const LONGEST_PREVIEW = 255;

/**
 * Body and NativeBodyType by the client's preferences (MS-ASAIRS §3.2.5): MIME where it is to be sent and asked for, else
 * the stored form, else the first of the list; one that wants all or nothing and is too big passes to the next.
 */
export function bodyFields(source: BodySource, options: RenderOptions): Field[] {
  const candidates = orderedPreferences(source, options.bodyPreferences);
  const chosen = candidates.find((preference) => !isRefused(source, preference));
  const body = chosen === undefined ? withoutData(source, candidates.at(-1)!) : withData(source, chosen);
  const preview = previewOf(source, chosen ?? candidates.at(-1)!, options);
  return [
    field('AirSyncBase:Body', [...body, ...optional('AirSyncBase:Preview', preview)]),
    field('AirSyncBase:NativeBodyType', String(source.nativeType ?? source.type)),
  ];
}

function orderedPreferences(source: BodySource, given: readonly BodyPreference[]): BodyPreference[] {
  const usable = given.filter(({ type }) => type !== 4 || source.mime !== null);
  const rank = ({ type }: BodyPreference): number => (type === 4 ? 0 : type === source.type ? 1 : 2);
  return usable.length === 0 ? [PLAIN] : [...usable].sort((a, b) => rank(a) - rank(b));
}

function isRefused(source: BodySource, { type, allOrNone, truncationSize }: BodyPreference): boolean {
  return allOrNone && truncationSize !== null && sizeOf(source, type) > truncationSize;
}

function withData(source: BodySource, { type, truncationSize }: BodyPreference): Field[] {
  const size = sizeOf(source, type);
  if (type === 4) return mimeBody(source.mime!, truncationSize);
  const text = textAs(source, type);
  const data = truncationSize === null ? text : truncateText(text, truncationSize);
  const isTruncated = source.unreadBytes > 0 || data.length < text.length;
  return [...head(type, size), ...truncated(isTruncated), ...optional('AirSyncBase:Data', data === '' ? null : data)];
}

function mimeBody(mime: StreamedValue, truncationSize: number | null): Field[] {
  const isTruncated = truncationSize !== null && mime.byteLength > truncationSize;
  const data = isTruncated ? beginningOf(mime, truncationSize) : mime;
  return [...head(4, mime.byteLength), ...truncated(isTruncated), field('AirSyncBase:Data', data)];
}

function withoutData(source: BodySource, { type }: BodyPreference): Field[] {
  return [...head(type, sizeOf(source, type)), ...truncated(true)];
}

function head(type: number, size: number): Field[] {
  return [field('AirSyncBase:Type', String(type)), field('AirSyncBase:EstimatedDataSize', String(size))];
}

function truncated(isTruncated: boolean): Field[] {
  return isTruncated ? [field('AirSyncBase:Truncated', '1')] : [];
}

/** MIME is ASCII by the time it is sent, so that every byte may be the last. */
function beginningOf(mime: StreamedValue, bytes: number): StreamedValue {
  return {
    byteLength: bytes,
    async *open() {
      let left = bytes;
      if (left === 0) return;
      for await (const chunk of mime.open()) {
        yield chunk.length > left ? chunk.subarray(0, left) : chunk;
        left -= chunk.length;
        if (left <= 0) return;
      }
    },
  };
}

function sizeOf(source: BodySource, type: BodyPreference['type']): number {
  return type === 4 ? source.mime!.byteLength : byteLength(textAs(source, type)) + source.unreadBytes;
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

function previewOf(source: BodySource, { preview }: BodyPreference, options: RenderOptions): string | null {
  if (preview <= 0 || !isAtLeast(options.version, '14.0')) return null;
  const longest = Math.min(preview, LONGEST_PREVIEW);
  const text = textAs({ type: source.type, text: source.text.slice(0, 100_000) }, 1)
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...text.slice(0, longest * 2)].slice(0, longest);
  return characters.length === 0 ? null : characters.join('');
}
