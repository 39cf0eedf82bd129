import { XmlError } from './error.ts';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'iso-8859-1';

/** Encoding declarations we read (XML 1.0 §4.3.3, upper-cased). 'UTF-16' without a byte order mark is told by its first bytes. */
const DECLARED: Readonly<Record<string, Encoding>> = {
  'UTF-8': 'utf-8',
  UTF8: 'utf-8',
  'US-ASCII': 'utf-8',
  ASCII: 'utf-8',
  'ISO-8859-1': 'iso-8859-1',
  LATIN1: 'iso-8859-1',
};

/** Longest start of a document that is searched for its declaration. */
const DECLARATION_BYTES = 256;

/** Turns the bytes of an XML document into text as they come, after finding its encoding (XML 1.0 appendix F). */
export class DocumentDecoder {
  #head: Uint8Array | null = new Uint8Array(0);
  #decode: (chunk: Uint8Array | null) => string = () => '';

  /** @throws XmlError for an encoding that is not read and for bytes that are not text in it. */
  push(chunk: Uint8Array): string {
    if (this.#head === null) return this.#decode(chunk);
    this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const isDeclarationWhole = this.#head.length >= DECLARATION_BYTES || this.#head.includes(0x3e);
    return isDeclarationWhole ? this.#begin() : '';
  }

  end(): string {
    const rest = this.#head === null ? '' : this.#begin();
    return rest + this.#decode(null);
  }

  #begin(): string {
    const head = this.#head ?? new Uint8Array(0);
    this.#head = null;
    this.#decode = decoderFor(encodingOf(head));
    return this.#decode(head);
  }
}

function encodingOf(head: Uint8Array): Encoding {
  const [first, second, third] = head;
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0 && second === 0x3c) return 'utf-16be';
  if (first === 0x3c && second === 0) return 'utf-16le';
  const start = Buffer.from(head.subarray(0, DECLARATION_BYTES)).toString('latin1');
  const declared = /^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(start)?.[1];
  if (declared === undefined) return 'utf-8';
  const known = DECLARED[declared.toUpperCase()];
  if (known === undefined) throw new XmlError('encoding', `The encoding ${declared} is not read; send UTF-8`);
  return known;
}

function decoderFor(encoding: Encoding): (chunk: Uint8Array | null) => string {
  if (encoding === 'iso-8859-1') {
    // Not TextDecoder: there this label means windows-1252.
    return (chunk) =>
      chunk === null ? '' : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
  }
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (chunk) => {
    try {
      return chunk === null ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (cause) {
      throw new XmlError('encoding', `The body is not valid ${encoding.toUpperCase()}: ${(cause as Error).message}`);
    }
  };
}
