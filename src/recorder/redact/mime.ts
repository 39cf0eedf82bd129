import type { Masker } from '../wire-format.ts';
import { maskQuotedPrintable } from './content-lines.ts';

/** Fields that say how a message is built and when it was sent. */
const PLAIN_FIELDS = new Set(['mime-version', 'date', 'content-transfer-encoding', 'content-language', 'importance']);
const TYPED_FIELDS = new Set(['content-type', 'content-disposition']);
const PLAIN_PARAMETERS = new Set(['charset', 'boundary', 'format', 'delsp', 'type', 'method', 'protocol', 'micalg']);

/**
 * A message (RFC 5322, RFC 2045) with people's values masked: fields, names of files and texts; its parts stay where they
 * were. Lines keep their lengths; base64 stays base64.
 */
export function maskMime(body: Buffer, masker: Masker): Buffer {
  const reader = new MessageMasker(masker);
  // Bytes that are no UTF-8 would grow: they are masked as the characters of ISO-8859-1.
  const isUtf8 = Buffer.from(body.toString('utf8')).equals(body);
  const encoding = isUtf8 ? 'utf8' : 'latin1';
  const masked = body
    .toString(encoding)
    .split(/(\r?\n)/u)
    .map((part, index) => (index % 2 === 0 ? reader.line(part) : part))
    .join('');
  return isUtf8 ? Buffer.from(masked) : Buffer.from(masked.replaceAll(/[^\x00-\xff]/gu, 'x'), 'latin1');
}

class MessageMasker {
  readonly #masker: Masker;
  readonly #boundaries = new Set<string>();
  #isHeader = true;
  #field = '';
  #isQuotedPrintable = false;
  #holdsMessage = false;

  constructor(masker: Masker) {
    this.#masker = masker;
  }

  line(line: string): string {
    if (this.#isBoundary(line)) {
      this.#begin(!line.trimEnd().endsWith('--'));
      return line;
    }
    if (this.#isHeader) return this.#headerLine(line);
    return this.#isQuotedPrintable ? maskQuotedPrintable(line, this.#masker) : this.#masker.text(line);
  }

  #begin(isHeader: boolean): void {
    this.#isHeader = isHeader;
    this.#isQuotedPrintable = false;
    this.#holdsMessage = false;
    this.#field = '';
  }

  #isBoundary(line: string): boolean {
    if (!line.startsWith('--')) return false;
    const name = line.slice(2).trimEnd();
    return this.#boundaries.has(name) || (name.endsWith('--') && this.#boundaries.has(name.slice(0, -2)));
  }

  #headerLine(line: string): string {
    if (line === '') {
      // RFC 2046 §5.2.1: behind the fields of a part that is a message come the fields of the message.
      const isMessage = this.#holdsMessage;
      const isQuoted = this.#isQuotedPrintable;
      this.#begin(isMessage);
      this.#isQuotedPrintable = isQuoted;
      return line;
    }
    const match = /^([!-9;-~]+)(\s*:)(.*)$/su.exec(line);
    const isContinued = /^[ \t]/u.test(line);
    if (!isContinued && match !== null) this.#field = match[1]!.toLowerCase();
    const start = isContinued || match === null ? '' : match[1]! + match[2]!;
    return start + this.#value(line.slice(start.length));
  }

  #value(value: string): string {
    const boundary = /\bboundary\s*=\s*(?:"([^"]*)"|([^\s;]+))/iu.exec(value);
    if (this.#field === 'content-type' && boundary !== null) this.#boundaries.add(boundary[1] ?? boundary[2]!);
    if (this.#field === 'content-type' && /message\/rfc822/iu.test(value)) this.#holdsMessage = true;
    if (this.#field === 'content-transfer-encoding') this.#isQuotedPrintable = /quoted-printable/iu.test(value);
    if (PLAIN_FIELDS.has(this.#field)) return value;
    if (!TYPED_FIELDS.has(this.#field)) return this.#masker.text(value);
    return value.replaceAll(
      /([\w*-]+)(\s*=\s*)("[^"]*"|[^;]*)/gu,
      (whole, name: string, equals: string, given: string) =>
        PLAIN_PARAMETERS.has(name.toLowerCase()) ? whole : `${name}${equals}${this.#masker.text(given)}`,
    );
  }
}
