import { type ByteRun, isByteRun, isElement, type WbxContent, type WbxElement } from './element.ts';
import { factsOf, isInVersion, type ProtocolVersion } from './elements.ts';
import { PieceWriter } from './piece-writer.ts';
import { END, HAS_CONTENT, OPAQUE, STR_I, SWITCH_PAGE } from './tokens.ts';

/** How a document is written. */
export interface EncodeOptions {
  /** The version spoken with this client; 'any' writes whatever the tree holds (captures, tests). */
  readonly version: ProtocolVersion | 'any';
  /**
   * Told of an element that this version does not have, or whose value is of the wrong kind (bytes in a string element, text
   * in an opaque one); the element is left out. Without it such an element is a TypeError: a bug of ours.
   */
  readonly onMisfit?: (name: string, reason: string) => void;
}

/** Writes a document whose values are all there. @throws TypeError for a misfit or a value that is still to be read */
export function encodeWbxml(root: WbxElement, options: EncodeOptions): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (const piece of piecesOf(root, options)) {
    if (piece instanceof Uint8Array) pieces.push(piece);
    else if (Symbol.iterator in piece.chunks) pieces.push(...checkedChunks(piece, piece.chunks));
    else throw new TypeError('A value that is read as it is sent needs streamWbxml.');
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

/**
 * The same in pieces of about 64 KiB; values in chunks are passed on as they come.
 * @throws TypeError for a misfit or a run that gives more or fewer bytes than it said; what a source throws
 */
export async function* streamWbxml(root: WbxElement, options: EncodeOptions): AsyncGenerator<Uint8Array, void, void> {
  for (const piece of piecesOf(root, options)) {
    if (piece instanceof Uint8Array) yield piece;
    else yield* checkedChunksAsync(piece);
  }
}

interface Frame {
  readonly children: readonly WbxContent[];
  next: number;
}

/** Bytes, and the values in chunks between them. */
function* piecesOf(root: WbxElement, options: EncodeOptions): Generator<Uint8Array | ByteRun, void, void> {
  const writer = new PieceWriter();
  const misfit = misfitOf(root, options.version);
  // Without its root there is no document to send.
  if (misfit !== null) throw new TypeError(`${root.name} ${misfit}.`);
  writer.header();
  let page = writeTag(writer, root, 0);
  const open: Frame[] = isEmpty(root) ? [] : [{ children: root.children, next: 0 }];
  while (open.length > 0) {
    const frame = open.at(-1)!;
    const content = frame.children[frame.next];
    frame.next += 1;
    if (content === undefined) {
      writer.byte(END);
      open.pop();
    } else if (typeof content === 'string') {
      if (content !== '') writer.text(content);
    } else if (!isElement(content)) {
      yield* valuePieces(content, writer);
    } else if (isFit(content, options)) {
      page = writeTag(writer, content, page);
      if (!isEmpty(content)) open.push({ children: content.children, next: 0 });
    }
    yield* writer.takeFull();
  }
  yield* writer.takeAll();
}

/** Returns the code page that is current after it. */
function writeTag(writer: PieceWriter, element: WbxElement, page: number): number {
  if (element.page !== page) {
    writer.byte(SWITCH_PAGE);
    writer.byte(element.page);
  }
  writer.byte(tokenOf(element) | (isEmpty(element) ? 0 : HAS_CONTENT));
  return element.page;
}

function isEmpty(element: WbxElement): boolean {
  return element.children.every((content) => content === '');
}

function* valuePieces(value: Uint8Array | ByteRun, writer: PieceWriter): Generator<Uint8Array | ByteRun, void, void> {
  if (!isByteRun(value)) {
    writer.byte(OPAQUE);
    writer.integer(value.length);
    writer.value(value);
    return;
  }
  writer.byte(value.form === 'opaque' ? OPAQUE : STR_I);
  if (value.form === 'opaque') writer.integer(value.byteLength);
  yield* writer.takeAll();
  yield value;
  if (value.form === 'string') writer.byte(0);
}

/** @throws TypeError for a misfit that nobody is to be told of */
function isFit(element: WbxElement, { version, onMisfit }: EncodeOptions): boolean {
  const misfit = misfitOf(element, version);
  if (misfit === null) return true;
  if (onMisfit === undefined) throw new TypeError(`${element.name} ${misfit}.`);
  onMisfit(element.name, misfit);
  return false;
}

function misfitOf(element: WbxElement, version: EncodeOptions['version']): string | null {
  if (version === 'any') return null;
  const facts = factsOf(element.name);
  if (facts === null || !isInVersion(facts, version)) return `is no element of protocol version ${version}`;
  for (const content of element.children) {
    if (content === '' || isElement(content)) continue;
    const isOpaque = typeof content === 'object' && !(isByteRun(content) && content.form === 'string');
    if (isOpaque !== facts.opaque) return facts.opaque ? 'takes bytes, not text' : 'takes text, not bytes';
  }
  return null;
}

/** @throws TypeError for a name that is neither of the table nor a well-formed unknown one */
function tokenOf(element: WbxElement): number {
  const token = factsOf(element.name)?.token ?? Number(/^unknown:\d+:(\d+)$/.exec(element.name)?.[1] ?? 0);
  if (token < 0x05 || token > 0x3f) throw new TypeError(`${element.name} is no element.`);
  return token;
}

function* checkedChunks(run: ByteRun, chunks: Iterable<Uint8Array>): Generator<Uint8Array, void, void> {
  const check = lengthCheck(run);
  for (const chunk of chunks) yield check.next(chunk);
  check.end();
}

async function* checkedChunksAsync(run: ByteRun): AsyncGenerator<Uint8Array, void, void> {
  const check = lengthCheck(run);
  for await (const chunk of run.chunks) yield check.next(chunk);
  check.end();
}

/** The length of an OPAQUE has been sent before its bytes: another number of bytes would break every element after it. */
function lengthCheck(run: ByteRun): { next(chunk: Uint8Array): Uint8Array; end(): void } {
  if (run.form === 'string') return { next: withoutNul, end: () => {} };
  let left = run.byteLength;
  const require = (isRight: boolean): void => {
    if (!isRight) throw new TypeError(`A value of ${run.byteLength} bytes gave another number of bytes.`);
  };
  return {
    next(chunk) {
      left -= chunk.length;
      require(left >= 0);
      return chunk;
    },
    end: () => require(left === 0),
  };
}

/** NUL ends an inline string; in its place goes the replacement character, as in `PieceWriter.text`. */
function withoutNul(chunk: Uint8Array): Uint8Array {
  if (!chunk.includes(0)) return chunk;
  return Buffer.from(Buffer.from(chunk).toString('latin1').replaceAll('\0', '\xef\xbf\xbd'), 'latin1');
}
