import { ContentSyntaxError } from './syntax-error.ts';

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const EQUALS = 61;
/** Where parameters go on beyond this, no quoted-printable is looked for any more: keeps the cost linear. */
const MAX_HEAD = 2000;
const QUOTED_PRINTABLE = /^[^:]*;(?:ENCODING=)?"?QUOTED-PRINTABLE"?[;:]/i;

/** Whether a line (unfolded) has a quoted-printable value, which reader and writer must judge alike. */
export function isQuotedPrintable(content: string): boolean {
  return QUOTED_PRINTABLE.test(content);
}

/** Without the `=` at its end. By hand: a pattern anchored at the end is quadratic in runs of `=`. */
export function withoutSoftBreak(content: string): string {
  let end = content.length;
  while (end > 0 && content.charCodeAt(end - 1) === EQUALS) end -= 1;
  return content.slice(0, end);
}

/** What bounds the cost of reading lines. */
export interface LineLimits {
  /** Physical lines of the whole input. */
  readonly maxLines: number;
  /** Bytes of one line after unfolding. */
  readonly maxLineBytes: number;
}

/**
 * Walks the unfolded lines of a text with one character per byte. Every byte belongs to the `raw` of exactly one line:
 * a byte order mark and blank lines before the first line to that line, blank lines after a line to that line.
 */
export class LineReader {
  /** Unfolded content of the current line, without line end. */
  content = '';
  /** All its bytes, with folds, line end and the blank lines around it. */
  raw = '';
  /** 1-based number of its first physical line. */
  line = 0;

  readonly #text: string;
  readonly #limits: LineLimits;
  #position = 0;
  #physical = 0;

  constructor(text: string, limits: LineLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  /** Moves to the next line that is not blank; false at the end. */
  next(): boolean {
    const from = this.#position;
    if (from === 0 && this.#text.startsWith('\xef\xbb\xbf')) this.#position = 3;
    this.#skipBlank();
    if (this.#position >= this.#text.length) return false;
    this.line = this.#physical + 1;
    this.content = this.#readUnfolded();
    this.raw = this.#text.slice(from, this.#position);
    return true;
  }

  #readUnfolded(): string {
    const parts = [this.#readPhysical()];
    let size = parts[0]!.length;
    let quotedPrintable: boolean | null = null;
    for (;;) {
      this.#checkLine(size);
      const last = parts[parts.length - 1]!;
      const maySoft = last.charCodeAt(last.length - 1) === EQUALS;
      if (maySoft) quotedPrintable ??= this.#isQuotedPrintable(parts, size);
      if (maySoft && quotedPrintable) {
        // vCard 2.1 and vCalendar 1.0: a soft line break continues the value without any indent.
        parts[parts.length - 1] = withoutSoftBreak(last);
        if (this.#position >= this.#text.length) break;
      } else {
        this.#skipBlank();
        if (!this.#atFold()) break;
        this.#position += 1;
      }
      const next = this.#readPhysical();
      parts.push(next);
      size += next.length;
    }
    this.#skipBlank();
    return parts.length === 1 ? parts[0]! : parts.join('');
  }

  /** Null while the colon, behind which the value begins, was not read yet; then asked again, but not without end. */
  #isQuotedPrintable(parts: readonly string[], size: number): boolean | null {
    const content = parts.join('');
    return content.includes(':') || size > MAX_HEAD ? isQuotedPrintable(content) : null;
  }

  /** RFC 5545 §3.1: a line that begins with a space or a tab continues the one before it. */
  #atFold(): boolean {
    const code = this.#text.charCodeAt(this.#position);
    return code === SPACE || code === TAB;
  }

  #readPhysical(): string {
    const text = this.#text;
    const start = this.#position;
    const found = text.indexOf('\n', start);
    let end = found < 0 ? text.length : found;
    this.#position = found < 0 ? end : found + 1;
    this.#countLine();
    // CR CR LF comes from programs that write CRLF through a text-mode stream.
    while (end > start && text.charCodeAt(end - 1) === CR) end -= 1;
    return text.slice(start, end);
  }

  /** Steps over empty physical lines, those of CRs only included. */
  #skipBlank(): void {
    const text = this.#text;
    for (;;) {
      let at = this.#position;
      while (text.charCodeAt(at) === CR) at += 1;
      if (at < text.length && text.charCodeAt(at) !== LF) return;
      if (at === this.#position && at >= text.length) return;
      this.#position = at < text.length ? at + 1 : at;
      this.#countLine();
    }
  }

  #countLine(): void {
    this.#physical += 1;
    if (this.#physical > this.#limits.maxLines) {
      throw new ContentSyntaxError(`more than ${this.#limits.maxLines} lines`, this.#physical);
    }
  }

  #checkLine(size: number): void {
    if (size > this.#limits.maxLineBytes) {
      throw new ContentSyntaxError(`a line of more than ${this.#limits.maxLineBytes} bytes`, this.line);
    }
  }
}
