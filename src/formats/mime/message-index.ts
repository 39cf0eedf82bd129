import type { HeaderField } from './header-fields.ts';

/** Byte offsets in the whole message: `start` inclusive, `end` exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Content-Transfer-Encoding after tolerant reading; `unknown` is handed out undecoded (RFC 2045 §6.4). */
export type TransferEncoding = '7bit' | '8bit' | 'binary' | 'quoted-printable' | 'base64' | 'x-uuencode' | 'unknown';

/** One MIME entity (RFC 2045 §2.4): a leaf, a multipart with its parts, or an embedded message with one child. */
export interface MessagePart {
  /** '' for the message itself; each child appends its number from 1, joined by dots. Unique in the message. */
  readonly path: string;
  /** The header's lines without the blank line that ends it. */
  readonly header: ByteRange;
  /** Encoded body, without the line break that belongs to the delimiter after it (RFC 2046 §5.1.1). */
  readonly body: ByteRange;
  /** Lower case `type/subtype`; the default of RFC 2045 §5.2 where missing or unreadable. */
  readonly mediaType: string;
  /** Content-Type parameters, names in lower case, values decoded (RFC 2231). */
  readonly parameters: ReadonlyMap<string, string>;
  readonly transferEncoding: TransferEncoding;
  /** Lower case (`attachment`, `inline`), null where absent. */
  readonly disposition: string | null;
  readonly dispositionParameters: ReadonlyMap<string, string>;
  /** Disposition's filename, else Content-Type's name. As sent: may hold path separators. */
  readonly filename: string | null;
  /** Content-ID without angle brackets. */
  readonly contentId: string | null;
  /** Content-Location (RFC 2557), unfolded. */
  readonly contentLocation: string | null;
  /** Text lines in the encoded body; an unended last line counts. */
  readonly lines: number;
  /** Empty also for a multipart in whose body no delimiter was found: such a body is best shown as text. */
  readonly children: readonly MessagePart[];
}

export interface MessageIndex {
  readonly root: MessagePart;
  /** Fields of the message's own header in the order written. */
  readonly fields: readonly HeaderField[];
  /** Bytes of the message. */
  readonly size: number;
}

export interface MimeLimits {
  /** Nested entities, the message itself being 1. */
  readonly maxDepth: number;
  readonly maxParts: number;
  /** Bytes of all headers of the message together. */
  readonly maxHeaderBytes: number;
}

export const DEFAULT_MIME_LIMITS: MimeLimits = { maxDepth: 64, maxParts: 10_000, maxHeaderBytes: 4 * 1024 * 1024 };

/** The part and everything below it, depth first in the order written. */
export function* partsOf(part: MessagePart): Generator<MessagePart> {
  yield part;
  for (const child of part.children) yield* partsOf(child);
}
