import { guessLatin1 } from './charset.ts';
import { type ContentField, parseContentField } from './content-field.ts';
import { decodeWords } from './encoded-words.ts';
import { findField, findText, type HeaderField, unfold } from './header-fields.ts';
import type { MessagePart, TransferEncoding } from './message-index.ts';

/** What an entity's header says about its body. */
export interface PartContent
  extends Pick<
    MessagePart,
    | 'mediaType'
    | 'parameters'
    | 'transferEncoding'
    | 'disposition'
    | 'dispositionParameters'
    | 'filename'
    | 'contentId'
    | 'contentLocation'
  > {
  /** The delimiter's boundary one character per byte, null where the entity is no readable multipart. */
  readonly boundary: string | null;
  /** Whether the body is itself a message that can be read in place (RFC 2046 §5.2.1: never encoded). */
  readonly isMessage: boolean;
}

/** Longest boundary that is honoured; RFC 2046 §5.1.1 allows 70. */
export const MAX_BOUNDARY = 1000;

const NO_FIELD: ContentField = { value: '', parameters: new Map(), rawParameters: new Map() };

/** @param fallback Media type where the header gives none: message/rfc822 inside a digest (RFC 2046 §5.1.5). */
export function readPartContent(fields: readonly HeaderField[], fallback: string): PartContent {
  const type = readContentField(fields, 'content-type');
  const disposition = readContentField(fields, 'content-disposition');
  // RFC 2045 §5.2: what cannot be understood as a type is plain text.
  const isType = /^[^\s/"();]+\/[^\s/"();]+$/.test(type.value);
  const mediaType = isType ? type.value : type.value === '' ? fallback : 'text/plain';
  const transferEncoding = readTransferEncoding(findText(fields, 'content-transfer-encoding'));
  const isIdentity = /^(?:7bit|8bit|binary|unknown)$/.test(transferEncoding);
  return {
    mediaType,
    parameters: type.parameters,
    transferEncoding,
    disposition: disposition.value === '' ? null : disposition.value,
    dispositionParameters: disposition.parameters,
    filename: disposition.parameters.get('filename') ?? type.parameters.get('name') ?? null,
    contentId: readContentId(findText(fields, 'content-id')),
    contentLocation: readLocation(findText(fields, 'content-location')),
    boundary: mediaType.startsWith('multipart/') ? readBoundary(type) : null,
    isMessage: isIdentity && /^message\/(?:rfc822|global|news)$/.test(mediaType),
  };
}

function readContentField(fields: readonly HeaderField[], name: string): ContentField {
  const field = findField(fields, name);
  return field === null ? NO_FIELD : parseContentField(unfold(field.value));
}

function readBoundary(type: ContentField): string | null {
  // A boundary never ends in a blank (RFC 2046 §5.1.1).
  const boundary = (type.rawParameters.get('boundary') ?? type.parameters.get('boundary') ?? '').trimEnd();
  return boundary === '' || boundary.length > MAX_BOUNDARY ? null : boundary;
}

const ENCODING_NAMES: Readonly<Record<string, TransferEncoding>> = {
  '': '7bit',
  '7bit': '7bit',
  '8bit': '8bit',
  binary: 'binary',
  base64: 'base64',
  quotedprintable: 'quoted-printable',
  uuencode: 'x-uuencode',
  xuuencode: 'x-uuencode',
  xuue: 'x-uuencode',
  uue: 'x-uuencode',
};

/** Reads the encoding's name; `7-bit`, `8 bit`, a semicolon or a comment after it are common mistakes. */
export function readTransferEncoding(text: string | null): TransferEncoding {
  const name = (text ?? '')
    .toLowerCase()
    .replace(/[;(].*$/s, '')
    .replace(/[\s"'-]+/g, '');
  return Object.hasOwn(ENCODING_NAMES, name) ? ENCODING_NAMES[name]! : 'unknown';
}

function readContentId(text: string | null): string | null {
  const id = (text ?? '').replace(/^<|>$/g, '').trim();
  return id === '' ? null : id;
}

function readLocation(text: string | null): string | null {
  return text === null || text === '' ? null : decodeWords(guessLatin1(text));
}
