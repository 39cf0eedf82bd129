import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ContentSyntaxError } from '../../formats/content-line/syntax-error.ts';
import { parseCalendars, serializeCalendar } from '../../formats/icalendar/calendar.ts';
import { splitByUid, withUid } from '../../formats/icalendar/split-by-uid.ts';
import { splitMbox } from '../../formats/mime/mbox.ts';
import { MimeError } from '../../formats/mime/mime-error.ts';
import { type Refusal, type SourceFile, type SourceItem, unreadable } from './import-source.ts';
import { createLeftOutLines } from './left-out-lines.ts';
import { readCards } from './read-cards.ts';

/** Files that are one item, and calendars and contacts that are read whole, are not larger than this. */
const MAX_WHOLE_BYTES = 256 * 1024 * 1024;

export type FoundItem = { readonly item: SourceItem } | { readonly refusal: Refusal };

/** The items of one file and what of it cannot be imported; a file that cannot be read is a refusal too. */
export async function* readItems(file: SourceFile): AsyncGenerator<FoundItem> {
  const { path } = file;
  if (file.kind !== 'mbox' && file.bytes > MAX_WHOLE_BYTES) {
    yield {
      refusal: { path, line: 0, reason: `it has ${file.bytes} bytes; at most ${MAX_WHOLE_BYTES} are read at once` },
    };
    return;
  }
  try {
    if (file.kind === 'mbox') yield* readMbox(file);
    else yield* readWholeFile(file, await readFile(path));
  } catch (error) {
    if (error instanceof ContentSyntaxError) yield { refusal: { path, line: error.line, reason: error.reason } };
    else if (error instanceof MimeError) yield { refusal: { path, line: error.line, reason: error.message } };
    else yield { refusal: unreadable(path, error) };
  }
}

function* readWholeFile(file: SourceFile, content: Uint8Array): Generator<FoundItem> {
  if (file.kind === 'calendar') yield* readCalendar(file.path, content);
  else if (file.kind === 'cards') yield* readCards(file.path, content);
  else if (file.kind === 'exported') yield { item: { ...exportedItem(file), content } };
  else yield { item: { kind: 'MESSAGE', contentType: 'message/rfc822', line: 1, content, ...extrasOf(file) } };
}

function* readCalendar(path: string, content: Uint8Array): Generator<FoundItem> {
  const leftOut = createLeftOutLines(path);
  let objects = 0;
  for (const calendar of parseCalendars(content, { lenient: true, onProblem: leftOut.onProblem })) {
    for (const object of splitByUid(calendar)) {
      objects += 1;
      const kind = object.kind as SourceItem['kind'];
      // The same bytes get the same UID again, so a second import finds what the first one made.
      const named = object.uid === null ? withUid(object, uidFor(serializeCalendar(object.calendar))) : object;
      const bytes = serializeCalendar(named.calendar);
      yield { item: { kind, content: bytes, contentType: 'text/calendar', line: object.line || 1 } };
    }
  }
  for (const refusal of leftOut.refusals()) yield { refusal };
  if (objects === 0) yield { refusal: { path, line: 0, reason: 'it holds no event, task or journal entry' } };
}

async function* readMbox(file: SourceFile): AsyncGenerator<FoundItem> {
  const messages = splitMbox(createReadStream(file.path), { maxMessageBytes: MAX_WHOLE_BYTES });
  for await (const { line, message, flags } of messages) {
    const { read, flagged } = flags;
    const item = { kind: 'MESSAGE', contentType: 'message/rfc822', content: message, line } as const;
    yield { item: { ...item, flags: { read, flagged } } };
  }
}

/** A UID for an object that has none, out of its content. */
export function uidFor(content: Uint8Array): string {
  return `sha256-${createHash('sha256').update(content).digest('hex').slice(0, 40)}`;
}

/** What an export wrote needs no reading: the folder's class says what it is, and the bytes stay as they are. */
function exportedItem(file: SourceFile): Omit<SourceItem, 'content'> {
  const itemClass = file.folder?.at(-1)?.itemClass;
  const extras = { line: 1, ...extrasOf(file) };
  if (itemClass === 'contacts') return { kind: 'VCARD', contentType: 'text/vcard', ...extras };
  if (itemClass === 'mail') return { kind: 'MESSAGE', contentType: 'message/rfc822', ...extras };
  if (itemClass === 'files') return { kind: 'FILE', contentType: 'application/octet-stream', ...extras };
  return { kind: 'VEVENT', contentType: 'text/calendar', ...extras };
}

function extrasOf({ name, flags }: SourceFile): Pick<SourceItem, 'name' | 'flags'> {
  return { ...(name === undefined ? {} : { name }), ...(flags === undefined ? {} : { flags }) };
}
