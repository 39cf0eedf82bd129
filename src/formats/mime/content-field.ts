import { decodeCharset, fromLatin1, guessLatin1 } from './charset.ts';
import { decodeWords } from './encoded-words.ts';

/** Content-Type or Content-Disposition, read tolerantly. */
export interface ContentField {
  /** What stands before the first semicolon, lower case. */
  readonly value: string;
  /** Names in lower case; RFC 2231 continuations joined and decoded, stray encoded words decoded. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Plain parameters one character per byte, for comparing with bytes (the boundary). */
  readonly rawParameters: ReadonlyMap<string, string>;
}

interface Segment {
  readonly index: number;
  readonly isEncoded: boolean;
  readonly text: string;
}

/** Reads `value *(; name=value)` from an unfolded value, one character per byte. Never fails. */
export function parseContentField(unfolded: string): ContentField {
  const [head = '', ...rest] = splitOutsideQuotes(unfolded);
  const [first = '', ...afterFirst] = head.trim().split(/[ \t]+/);
  // `text/plain charset=x`: the semicolon is forgotten often enough to be worth reading.
  const stray = afterFirst.join(' ');
  if (stray.includes('=')) rest.unshift(stray);
  const raw = new Map<string, string>();
  const extended = new Map<string, Segment[]>();
  for (const item of rest) readParameter(item, raw, extended);
  const parameters = new Map<string, string>();
  for (const [name, value] of raw) parameters.set(name, decodeWords(guessLatin1(value)));
  for (const [name, segments] of extended) parameters.set(name, joinSegments(segments));
  return { value: first.toLowerCase(), parameters, rawParameters: raw };
}

function splitOutsideQuotes(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (isQuoted && character === '\\') at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === ';' && !isQuoted) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function readParameter(item: string, raw: Map<string, string>, extended: Map<string, Segment[]>): void {
  const equals = item.indexOf('=');
  if (equals < 0) return;
  const written = item.slice(0, equals).trim().toLowerCase();
  const continued = /^([^*]+)\*(?:(\d{1,6})(\*?))?$/.exec(written);
  const value = unquote(item.slice(equals + 1).trim(), continued?.[1] ?? written);
  if (continued === null) {
    if (written !== '' && !raw.has(written)) raw.set(written, value);
    return;
  }
  const isEncoded = continued[2] === undefined || continued[3] === '*';
  const segments = extended.get(continued[1]!) ?? [];
  segments.push({ index: Number(continued[2] ?? 0), isEncoded, text: value });
  extended.set(continued[1]!, segments);
}

function unquote(value: string, name: string): string {
  if (value.startsWith('"')) {
    let text = '';
    for (let at = 1; at < value.length && value[at] !== '"'; at += 1) {
      if (value[at] === '\\') at += 1;
      text += value[at] ?? '';
    }
    return text;
  }
  // A comment after a token (RFC 2045 §5.1); file names with brackets are not comments.
  return name === 'name' || name === 'filename' ? value : withoutComment(value);
}

function withoutComment(value: string): string {
  const open = value.search(/[ \t]\(/);
  return open >= 0 && value.endsWith(')') ? value.slice(0, open).trimEnd() : value;
}

/** RFC 2231 §4.1: the first segment names the charset for all; segments without '*' are taken as they are. */
function joinSegments(segments: readonly Segment[]): string {
  const ordered = [...segments].sort((a, b) => a.index - b.index);
  let charset = '';
  let bytes = '';
  for (const [place, segment] of ordered.entries()) {
    let text = segment.text;
    if (segment.isEncoded && place === 0) {
      const prefix = /^([^']*)'[^']*'/.exec(text);
      charset = prefix?.[1] ?? '';
      text = text.slice(prefix?.[0].length ?? 0);
    }
    bytes += segment.isEncoded ? percentDecode(text) : text;
  }
  return decodeCharset(fromLatin1(bytes), charset);
}

function percentDecode(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
