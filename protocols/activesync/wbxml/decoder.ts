import { BLOCK_BYTES, ByteCollector } from './byte-collector.ts';
import type { WbxElement } from './element.ts';
import { WbxmlError, type WbxmlErrorCode } from './errors.ts';
import type { WbxmlLimits } from './limits.ts';
import {
  END,
  ENTITY,
  FIRST_TAG,
  HAS_ATTRIBUTES,
  HAS_CONTENT,
  OPAQUE,
  STR_I,
  STR_T,
  SWITCH_PAGE,
  TAG_MASK,
  UTF_8,
} from './tokens.ts';
import { TreeBuilder } from './tree-builder.ts';

/** What the next byte belongs to: the header in its order, then the body. */
type State =
  | 'version'
  | 'public-id'
  | 'public-id-index'
  | 'charset'
  | 'table-length'
  | 'table'
  | 'token'
  | 'page'
  | 'entity'
  | 'table-index'
  | 'opaque-length'
  | 'opaque'
  | 'string';

const MAX_UINT32 = 0xffff_ffff;

/** Reads a document chunk by chunk; any cutting gives the same tree or the same error. */
export class WbxmlDecoder {
  readonly #limits: WbxmlLimits;
  readonly #tree: TreeBuilder;
  #state: State = 'version';
  /** Where the byte being read stands, and where what it belongs to began. */
  #offset = 0;
  #start = 0;
  #page = 0;
  #integer = 0;
  #integerBytes = 0;
  /** Bytes of the table or of an OPAQUE that are still to come. */
  #remaining = 0;
  #collector = new ByteCollector();
  #table: Buffer = Buffer.alloc(0);
  #tableTextBytes = 0;

  constructor(limits: WbxmlLimits) {
    this.#limits = limits;
    this.#tree = new TreeBuilder(limits);
  }

  /** Bytes read so far. */
  get byteLength(): number {
    return this.#offset;
  }

  /** @throws WbxmlError after which the decoder is of no more use */
  write(chunk: Uint8Array): void {
    const room = this.#limits.maxBytes - this.#offset;
    this.#read(chunk.length > room ? chunk.subarray(0, room) : chunk);
    if (chunk.length > room) {
      throw new WbxmlError('size', this.#offset, `The document is larger than ${this.#limits.maxBytes} bytes`);
    }
  }

  /** The document. @throws WbxmlError 'truncated' */
  end(): WbxElement {
    const { root } = this.#tree;
    if (root === null) {
      const start = this.#state === 'token' ? this.#offset : this.#start;
      throw new WbxmlError('truncated', start, 'The document ends too early');
    }
    return root;
  }

  #read(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const taken = this.#bulk(chunk, at);
      if (taken > 0) {
        at += taken;
        this.#offset += taken;
      } else {
        this.#byte(chunk[at]!);
        at += 1;
        this.#offset += 1;
      }
    }
  }

  /** Takes what belongs to a value at once; 0 when the next byte is not part of one. */
  #bulk(chunk: Uint8Array, at: number): number {
    if (this.#state === 'string') return this.#stringPart(chunk, at);
    if (this.#state !== 'opaque' && this.#state !== 'table') return 0;
    const part = chunk.subarray(at, at + this.#remaining);
    this.#collector.push(part);
    this.#remaining -= part.length;
    if (this.#remaining === 0) this.#endOfLength();
    return part.length;
  }

  /** Text up to its NUL, the NUL included. */
  #stringPart(chunk: Uint8Array, at: number): number {
    const nul = chunk.indexOf(0, at);
    const part = chunk.subarray(at, nul < 0 ? chunk.length : nul);
    if (this.#collector.byteLength + part.length > this.#limits.maxStringBytes) {
      this.#fail('string-length', `Text is longer than ${this.#limits.maxStringBytes} bytes`);
    }
    if (nul < 0) {
      this.#collector.push(part);
      return part.length;
    }
    // The usual case: the whole text lies in this chunk and needs no collecting.
    const isWhole = this.#collector.byteLength === 0;
    if (!isWhole) this.#collector.push(part);
    const bytes = isWhole ? buffer(part) : this.#collected();
    this.#tree.text(bytes.toString('utf8'), bytes.length, this.#start);
    this.#state = 'token';
    return part.length + 1;
  }

  #endOfLength(): void {
    if (this.#state === 'table') {
      this.#table = this.#collected();
    } else {
      const { byteLength } = this.#collector;
      const chunks = this.#collector.finish();
      this.#collector = new ByteCollector();
      const value = byteLength <= BLOCK_BYTES ? chunks[0]! : ({ form: 'opaque', byteLength, chunks } as const);
      this.#tree.bytes(value, this.#start);
    }
    this.#state = 'token';
  }

  #collected(): Buffer {
    const chunks = this.#collector.finish();
    this.#collector = new ByteCollector();
    return chunks.length === 1 ? buffer(chunks[0]!) : Buffer.concat(chunks);
  }

  #byte(byte: number): void {
    switch (this.#state) {
      case 'version':
        // 1.1 to 1.3 are laid out alike; 1.0 has no charset.
        if (byte < 0x01 || byte > 0x03) this.#fail('version', `WBXML version byte ${byte} is not read`);
        this.#expect('public-id');
        break;
      case 'page':
        this.#page = byte;
        this.#state = 'token';
        break;
      case 'token':
        this.#start = this.#offset;
        this.#token(byte);
        break;
      default:
        this.#integerByte(byte);
    }
  }

  #expect(state: State): void {
    this.#state = state;
    this.#integer = 0;
    this.#integerBytes = 0;
  }

  /** Seven bits a byte, the highest first, five bytes at most (WAP-192 §5.1). */
  #integerByte(byte: number): void {
    if (this.#integerBytes === 0 && isHeader(this.#state)) this.#start = this.#offset;
    this.#integerBytes += 1;
    this.#integer = this.#integer * 0x80 + (byte & 0x7f);
    if (this.#integer > MAX_UINT32 || (this.#integerBytes === 5 && byte >= 0x80)) {
      this.#fail('integer', 'A number has more than 32 bits');
    }
    if (byte < 0x80) this.#endOfInteger(this.#integer);
  }

  #endOfInteger(value: number): void {
    switch (this.#state) {
      case 'public-id':
        // Zero: the id is text, at an index of the string table. Which it is does not matter.
        this.#expect(value === 0 ? 'public-id-index' : 'charset');
        break;
      case 'public-id-index':
        this.#expect('charset');
        break;
      case 'charset':
        if (value !== UTF_8) this.#fail('charset', `Charset ${value} is not UTF-8`);
        this.#expect('table-length');
        break;
      case 'table-length':
        this.#lengthOf('table', value, this.#limits.maxStringBytes, 'string-length');
        break;
      case 'opaque-length':
        this.#lengthOf('opaque', value, this.#limits.maxOpaqueBytes, 'opaque-length');
        break;
      case 'table-index':
        this.#tableText(value);
        break;
      case 'entity':
        this.#entity(value);
        break;
    }
  }

  /** Lengths are held against the limits before anything is read or taken for them. */
  #lengthOf(state: 'table' | 'opaque', length: number, limit: number, code: WbxmlErrorCode): void {
    if (length > limit) this.#fail(code, `A value of ${length} bytes is longer than ${limit}`);
    if (length > this.#limits.maxBytes - this.#offset - 1) {
      this.#fail('size', `A value of ${length} bytes makes the document larger than ${this.#limits.maxBytes}`);
    }
    this.#state = state;
    this.#remaining = length;
    if (length === 0) this.#endOfLength();
  }

  #token(byte: number): void {
    if (this.#tree.root !== null) this.#fail('trailing', 'There are bytes after the root element');
    if (byte === SWITCH_PAGE) this.#state = 'page';
    else if (byte === END) this.#tree.end(this.#offset);
    else if (byte === STR_I || byte === STR_T || byte === ENTITY || byte === OPAQUE) this.#value(byte);
    else if ((byte & TAG_MASK) < FIRST_TAG) this.#fail('unsupported', `Token 0x${byte.toString(16)} is not used`);
    else if ((byte & HAS_ATTRIBUTES) !== 0) this.#fail('unsupported', 'An element has attributes');
    else this.#tree.start(this.#page, byte & TAG_MASK, (byte & HAS_CONTENT) !== 0, this.#offset);
  }

  #value(token: typeof STR_I | typeof STR_T | typeof ENTITY | typeof OPAQUE): void {
    this.#tree.requireOpen(this.#offset);
    if (token === STR_I) this.#state = 'string';
    else this.#expect(token === STR_T ? 'table-index' : token === ENTITY ? 'entity' : 'opaque-length');
  }

  #tableText(index: number): void {
    const end = this.#table.indexOf(0, index);
    if (index >= this.#table.length || end < 0) this.#fail('string-table', `The string table has no text at ${index}`);
    // A few bytes may name a long text many times over.
    this.#tableTextBytes += end - index;
    if (this.#tableTextBytes > this.#limits.maxBytes) {
      this.#fail('size', `Text from the string table is longer than ${this.#limits.maxBytes} bytes`);
    }
    this.#tree.text(this.#table.toString('utf8', index, end), end - index, this.#start);
    this.#state = 'token';
  }

  #entity(value: number): void {
    const isSurrogate = value >= 0xd800 && value <= 0xdfff;
    if (value === 0 || value > 0x10ffff || isSurrogate) this.#fail('entity', `${value} is not a character`);
    const text = String.fromCodePoint(value);
    this.#tree.text(text, Buffer.byteLength(text), this.#start);
    this.#state = 'token';
  }

  #fail(code: WbxmlErrorCode, message: string): never {
    throw new WbxmlError(
      code,
      this.#state === 'token' || this.#state === 'version' ? this.#offset : this.#start,
      message,
    );
  }
}

function isHeader(state: State): boolean {
  return state === 'public-id' || state === 'public-id-index' || state === 'charset' || state === 'table-length';
}

function buffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
