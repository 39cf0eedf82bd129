import { latin1 } from './charset.ts';
import { type HeaderField, isFieldLine, parseHeaderFields } from './header-fields.ts';
import { LineScanner, type ScannedLine } from './line-scanner.ts';
import {
  type ByteRange,
  DEFAULT_MIME_LIMITS,
  type MessageIndex,
  type MessagePart,
  type MimeLimits,
} from './message-index.ts';
import { MimeError } from './mime-error.ts';
import { MAX_BOUNDARY, type PartContent, readPartContent } from './part-content.ts';

/** A message's own header, read without its body. */
export interface MessageHeader {
  readonly fields: readonly HeaderField[];
  readonly header: ByteRange;
  readonly bodyStart: number;
}

export interface MessageIndexer {
  /** Takes the next bytes of the message, cut anywhere; may be reused by the caller afterwards. Throws MimeError at a limit. */
  write(chunk: Uint8Array): void;
  /** To be called once. */
  end(): MessageIndex;
  /** The message's own header as soon as it has been read to its end, before that null. */
  readonly header: MessageHeader | null;
}

/** An entity that has begun and not ended. */
interface OpenPart {
  readonly path: string;
  readonly headerStart: number;
  /** Media type when its header names none. */
  readonly fallback: string;
  readonly children: MessagePart[];
  headerEnd: number;
  bodyStart: number;
  bodyLine: number;
  content: PartContent | null;
  /** What still delimits its parts; null after the closing delimiter. */
  boundary: string | null;
}

/** Longest line that can be a delimiter: two dashes, the boundary, two dashes, some padding (RFC 2046 §5.1.1). */
const MAX_DELIMITER_LINE = MAX_BOUNDARY + 24;
const DASH = 45;

/**
 * Indexes a message as it arrives. What is held between chunks is the header being read and the index itself; bodies
 * pass by. The index depends on the bytes alone, not on how they were cut.
 */
export function createMessageIndexer(limits: Partial<MimeLimits> = {}): MessageIndexer {
  return new Indexer({ ...DEFAULT_MIME_LIMITS, ...limits });
}

/** Indexes a whole message. Any bytes have an index; throws MimeError only at a limit. */
export function indexMessage(bytes: Uint8Array, limits: Partial<MimeLimits> = {}): MessageIndex {
  const indexer = createMessageIndexer(limits);
  indexer.write(bytes);
  return indexer.end();
}

/** Indexes a message that is read from somewhere. Rejects with MimeError at a limit. */
export async function indexStream(chunks: AsyncIterable<Uint8Array>): Promise<MessageIndex> {
  const indexer = createMessageIndexer();
  for await (const chunk of chunks) indexer.write(chunk);
  return indexer.end();
}

/** Reads only the message's own header, looking no further into the bytes than needed. Throws MimeError at a limit. */
export function readMessageHeader(bytes: Uint8Array, limits: Partial<MimeLimits> = {}): MessageHeader {
  const indexer = createMessageIndexer(limits);
  for (let at = 0; at < bytes.length && indexer.header === null; at += 8192)
    indexer.write(bytes.subarray(at, at + 8192));
  if (indexer.header !== null) return indexer.header;
  const { root, fields } = indexer.end();
  return { fields, header: root.header, bodyStart: root.body.start };
}

class Indexer implements MessageIndexer {
  header: MessageHeader | null = null;
  readonly #limits: MimeLimits;
  readonly #scanner: LineScanner;
  readonly #open: OpenPart[] = [];
  #root: MessagePart | null = null;
  /** Lines of the header being read; null while in a body. */
  #headerLines: string[] | null = null;
  #headerBytes = 0;
  #parts = 0;
  #line = 0;
  #lastBreak = 0;
  #isLastEmpty = true;

  constructor(limits: MimeLimits) {
    this.#limits = limits;
    this.#scanner = new LineScanner(
      (line) => this.#onLine(line),
      () => (this.#headerLines === null ? MAX_DELIMITER_LINE : this.#headerRoom() + 2),
    );
    this.#begin('', 0, 'text/plain');
  }

  write(chunk: Uint8Array): void {
    this.#scanner.write(chunk);
  }

  end(): MessageIndex {
    this.#scanner.end();
    const size = this.#scanner.position;
    while (this.#headerLines !== null) this.#endHeader(size, size);
    this.#line += 1;
    while (this.#open.length > 0) this.#close(size, false);
    if (this.#root === null || this.header === null) throw new TypeError('a message indexer ends once');
    return { root: this.#root, fields: this.header.fields, size };
  }

  #headerRoom(): number {
    return Math.max(0, this.#limits.maxHeaderBytes - this.#headerBytes);
  }

  #onLine(line: ScannedLine): void {
    this.#line += 1;
    if (!this.#isDelimiter(line)) {
      if (this.#headerLines !== null) this.#headerLine(line);
    }
    this.#lastBreak = line.lineEnd.length;
    this.#isLastEmpty = line.end - line.start === line.lineEnd.length;
  }

  #headerLine(line: ScannedLine): void {
    const lines = this.#headerLines!;
    const text = latin1(line.bytes);
    const size = line.end - line.start;
    if (size === line.lineEnd.length) {
      this.#endHeader(line.start, line.end);
      return;
    }
    // Text without any header: the body begins at once. `From ` lines are left over from mbox files.
    if (lines.length === 0 && !isFieldLine(text) && !/^>?From /.test(text)) {
      this.#endHeader(line.start, line.start);
      // In a digest the body is a message, and this its first line.
      if (this.#headerLines !== null) this.#headerLine(line);
      return;
    }
    if (size > this.#headerRoom()) {
      throw new MimeError('header-too-large', this.#line, `headers exceed ${this.#limits.maxHeaderBytes} bytes`);
    }
    this.#headerBytes += size;
    lines.push(text + line.lineEnd);
  }

  #begin(path: string, start: number, fallback: string): void {
    this.#parts += 1;
    if (this.#parts > this.#limits.maxParts) {
      throw new MimeError('too-many-parts', this.#line, `more than ${this.#limits.maxParts} parts`);
    }
    if (this.#open.length >= this.#limits.maxDepth) {
      throw new MimeError('too-deep', this.#line, `parts nested deeper than ${this.#limits.maxDepth}`);
    }
    const range = { headerEnd: start, bodyStart: start, bodyLine: this.#line };
    this.#open.push({ path, headerStart: start, fallback, children: [], ...range, content: null, boundary: null });
    this.#headerLines = [];
  }

  #endHeader(headerEnd: number, bodyStart: number): void {
    const part = this.#open.at(-1)!;
    const fields = parseHeaderFields(this.#headerLines!.join(''), this.#scanner.breaks);
    part.headerEnd = headerEnd;
    part.bodyStart = bodyStart;
    // The line that ended the header belongs to the body when the body begins with it.
    part.bodyLine = headerEnd === bodyStart ? this.#line - 1 : this.#line;
    part.content = readPartContent(fields, part.fallback);
    part.boundary = part.content.boundary;
    this.#headerLines = null;
    this.header ??= { fields, header: { start: part.headerStart, end: headerEnd }, bodyStart };
    if (part.content.isMessage) this.#begin(childPath(part), bodyStart, 'text/plain');
  }

  #isDelimiter(line: ScannedLine): boolean {
    const { bytes } = line;
    if (bytes[0] !== DASH || bytes[1] !== DASH || !line.isWhole || bytes.length > MAX_DELIMITER_LINE) return false;
    const text = latin1(bytes)
      .replace(/[ \t\r]+$/, '')
      .slice(2);
    // The innermost first: broken programs give a multipart the boundary of the one around it.
    for (let depth = this.#open.length - 1; depth >= 0; depth -= 1) {
      const { boundary } = this.#open[depth]!;
      if (boundary === null || !text.startsWith(boundary)) continue;
      const isClose = text.length === boundary.length + 2 && text.endsWith('--');
      if (!isClose && text.length !== boundary.length) continue;
      this.#delimit(depth, line, isClose);
      return true;
    }
    return false;
  }

  #delimit(depth: number, line: ScannedLine, isClose: boolean): void {
    // Twice where the header was that of an embedded message, which then begins and ends here.
    while (this.#headerLines !== null) this.#endHeader(line.start, line.start);
    while (this.#open.length > depth + 1) this.#close(line.start - this.#lastBreak, this.#isLastEmpty);
    const multipart = this.#open[depth]!;
    if (isClose) {
      multipart.boundary = null;
      return;
    }
    const isDigest = multipart.content?.mediaType === 'multipart/digest';
    this.#begin(childPath(multipart), line.end, isDigest ? 'message/rfc822' : 'text/plain');
  }

  /** Ends the innermost open entity; `this.#line` is the number of the line after its last one, whose end may not be its own. */
  #close(end: number, isLastEmpty: boolean): void {
    const part = this.#open.pop()!;
    const { boundary: _, isMessage: __, ...content } = part.content!;
    // A child whose header ran up to the delimiter ends behind the line break that is not the parent's.
    const bodyEnd = Math.max(part.bodyStart, end, part.children.at(-1)?.body.end ?? 0);
    const count = this.#line - 1 - part.bodyLine - (isLastEmpty ? 1 : 0);
    const closed: MessagePart = {
      path: part.path,
      header: { start: part.headerStart, end: part.headerEnd },
      body: { start: part.bodyStart, end: bodyEnd },
      ...content,
      lines: bodyEnd === part.bodyStart ? 0 : Math.max(1, count),
      children: part.children,
    };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = closed;
    else parent.children.push(closed);
  }
}

function childPath(part: OpenPart): string {
  const number = part.children.length + 1;
  return part.path === '' ? `${number}` : `${part.path}.${number}`;
}
