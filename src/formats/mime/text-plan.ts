import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { asciiHeader } from './ascii-header.ts';
import { latin1 } from './charset.ts';
import { lineBreaksOf } from './header-fields.ts';
import type { ByteRange, MessageIndex, MessagePart } from './message-index.ts';

/**
 * What becomes of a stretch of a message: kept, its odd bytes (8-bit ones and NUL) replaced by `?` or escaped as in
 * quoted-printable, all of it encoded in base64, or other bytes put in its place.
 */
export interface TextStep extends ByteRange {
  readonly form: 'keep' | 'mask' | 'escape' | 'base64' | Uint8Array;
}

/** What a message is sent as: text in UTF-8 without NUL, or bytes below 128 alone. */
export type TextTarget = 'utf-8' | 'us-ascii';

/** How a message is sent where not every byte can be. */
export interface TextPlan {
  /** In order, from the first byte of the message to its last. */
  readonly steps: readonly TextStep[];
  /** Exact number of bytes that are sent. */
  readonly byteLength: number;
  /** Whether every byte that is sent is below 128. For 'us-ascii' only an address in a header can be in the way. */
  readonly isAscii: boolean;
  /** Whether anything that a signature covers (RFC 1847) is sent otherwise than it is. */
  readonly breaksSignature: boolean;
}

/** Bytes of the message in a line of 76 characters of base64 (RFC 2045 §6.8). */
export const BASE64_LINE_BYTES = 57;

/** `TextPlanner` for a message that is read as a stream. */
export async function planText(
  source: AsyncIterable<Uint8Array>,
  index: MessageIndex,
  target: TextTarget = 'utf-8',
): Promise<TextPlan> {
  const planner = new TextPlanner(index, target);
  for await (const chunk of source) planner.write(chunk);
  return planner.end();
}

/**
 * Looks through a message once and plans how to send it as text. Bodies with raw 8-bit bytes are encoded in base64, raw
 * 8-bit text of headers as encoded words. As UTF-8, what is signed (RFC 1847) keeps its bytes where they are that already.
 */
export class TextPlanner {
  readonly #stretches: readonly Stretch[];
  #at = 0;
  #position = 0;

  constructor(index: MessageIndex, target: TextTarget = 'utf-8') {
    this.#stretches = stretchesOf(index, target);
  }

  /** Takes the next bytes of the message, cut anywhere. */
  write(chunk: Uint8Array): void {
    let from = 0;
    while (from < chunk.length && this.#at < this.#stretches.length) {
      const stretch = this.#stretches[this.#at]!;
      const to = Math.min(chunk.length, Math.max(from, stretch.end - this.#position));
      if (to > from) stretch.look(chunk.subarray(from, to));
      from = to;
      if (this.#position + from >= stretch.end) this.#at += 1;
    }
    this.#position += chunk.length;
  }

  end(): TextPlan {
    const steps = this.#stretches.map((stretch) => ({ start: stretch.start, end: stretch.end, form: stretch.form() }));
    const lengths = this.#stretches.map((stretch, number) => stretch.lengthAs(steps[number]!.form));
    return {
      steps,
      byteLength: lengths.reduce((sum, length) => sum + length, 0),
      isAscii: this.#stretches.every((stretch, number) => stretch.isAsciiAs(steps[number]!.form)),
      breaksSignature: this.#stretches.some((stretch, number) => stretch.isSigned && steps[number]!.form !== 'keep'),
    };
  }
}

/** Headers, bodies of leaves, and what stands between them: delimiters, text before and after the parts. */
function stretchesOf({ root, size }: MessageIndex, target: TextTarget): Stretch[] {
  const stretches: Stretch[] = [];
  let covered = 0;
  const add = (kind: Stretch['kind'], range: ByteRange, part: MessagePart | null, signed: SignedScope | null): void => {
    const whose = { part, signed, target };
    if (range.start > covered) {
      stretches.push(new Stretch('between', { start: covered, end: range.start }, { ...whose, part: null }));
    }
    const start = Math.max(covered, range.start);
    covered = Math.max(covered, range.end);
    stretches.push(new Stretch(kind, { start, end: Math.max(start, range.end) }, whose));
  };
  const walk = (part: MessagePart, signed: SignedScope | null): void => {
    add('header', part.header, part, signed);
    const header = stretches.at(-1)!;
    const isSigned = signed === null && part.mediaType === 'multipart/signed';
    const scope = isSigned ? new SignedScope() : signed;
    for (const child of part.children) walk(child, scope);
    if (part.children.length === 0 && !part.mediaType.startsWith('multipart/')) {
      add('body', part.body, part, scope);
      header.body = stretches.at(-1)!;
    } else if (part.body.end > covered) add('between', { start: covered, end: part.body.end }, null, scope);
  };
  walk(root, null);
  if (size > covered) add('between', { start: covered, end: size }, null, null);
  return stretches;
}

interface Whose {
  readonly part: MessagePart | null;
  readonly signed: SignedScope | null;
  readonly target: TextTarget;
}

class Stretch implements ByteRange {
  readonly kind: 'header' | 'body' | 'between';
  readonly start: number;
  readonly end: number;
  /** Of a header: the body that it describes. */
  body: Stretch | null = null;
  readonly #whose: Whose;
  readonly #held: Uint8Array[] = [];
  #odd = 0;

  constructor(kind: Stretch['kind'], { start, end }: ByteRange, whose: Whose) {
    this.kind = kind;
    this.start = start;
    this.end = end;
    this.#whose = whose;
  }

  get isSigned(): boolean {
    return this.#whose.signed !== null;
  }

  look(bytes: Uint8Array): void {
    this.#whose.signed?.look(bytes);
    if (this.kind === 'header') this.#held.push(new Uint8Array(bytes));
    if (isAscii(bytes) && !bytes.includes(0)) return;
    for (const byte of bytes) if (byte === 0 || byte > 127) this.#odd += 1;
  }

  form(): TextStep['form'] {
    if (this.kind === 'header') return this.#headerForm();
    if (this.#mayStay()) return 'keep';
    return this.kind === 'between' ? 'mask' : bodyForm(this.#whose.part!);
  }

  isAsciiAs(form: TextStep['form']): boolean {
    if (form instanceof Uint8Array) return isAscii(form);
    return form !== 'keep' || this.#odd === 0;
  }

  #mayStay(): boolean {
    const { signed, target } = this.#whose;
    return this.#odd === 0 || (target === 'utf-8' && signed?.isText() === true);
  }

  #headerForm(): TextStep['form'] {
    const isBodyEncoded = this.body?.form() === 'base64';
    if (!isBodyEncoded && this.#mayStay()) return 'keep';
    const header = latin1(Buffer.concat(this.#held));
    const isStrict = this.#whose.target === 'us-ascii';
    const plain = asciiHeader(header, isBodyEncoded ? 'base64' : null, isStrict);
    // Without it no reader has to undo the encoding (RFC 2045 §4); phones do.
    const lacksVersion = isStrict && isBodyEncoded && this.start === 0 && !/^mime-version[ \t]*:/im.test(plain);
    const written = lacksVersion ? `${plain}MIME-Version: 1.0${lineEndOf(plain)}` : plain;
    // A part that begins with its text needs the blank line that ends a header (RFC 5322 §2.1).
    const hasNoHeader = isBodyEncoded && this.body!.start === this.end;
    return Buffer.from(hasNoHeader ? `${written}${lineEndOf(written)}` : written, 'utf8');
  }

  lengthAs(form: TextStep['form']): number {
    const length = this.end - this.start;
    if (form instanceof Uint8Array) return form.length;
    if (form === 'escape') return length + this.#odd * 2;
    if (form !== 'base64') return length;
    const lines = Math.ceil(length / BASE64_LINE_BYTES);
    return Math.ceil(length / 3) * 4 + Math.max(0, lines - 1) * 2;
  }
}

function lineEndOf(text: string): string {
  return lineBreaksOf(text) === 'any' ? '\r' : (/\r\n|\n/.exec(text)?.[0] ?? '\r\n');
}

function bodyForm({ transferEncoding }: MessagePart): TextStep['form'] {
  if (transferEncoding === 'quoted-printable') return 'escape';
  return transferEncoding === 'base64' || transferEncoding === 'x-uuencode' ? 'mask' : 'base64';
}

/** Whether all that is signed together is UTF-8 without NUL. */
class SignedScope {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #isText = true;
  #isEnded = false;

  look(bytes: Uint8Array): void {
    if (this.#isText) this.#isText = !bytes.includes(0) && this.#decodes(bytes);
  }

  isText(): boolean {
    if (this.#isText && !this.#isEnded) this.#isText = this.#decodes(null);
    this.#isEnded = true;
    return this.#isText;
  }

  #decodes(bytes: Uint8Array | null): boolean {
    try {
      if (bytes === null) this.#decoder.decode();
      else this.#decoder.decode(bytes, { stream: true });
      return true;
    } catch (error) {
      // The documented answer of a fatal decoder to bytes that are no UTF-8.
      if (error instanceof TypeError) return false;
      throw error;
    }
  }
}
