import { TextDecoder } from 'node:util';
import { type MapiProperties, mapiText, readMapiProperties, withoutZero } from './mapi-properties.ts';
import { TnefEnd, TnefReader } from './tnef-reader.ts';

/** A file inside a `winmail.dat` (MS-OXTNEF). */
export interface TnefAttachment {
  /** As written; may hold path separators. Null where it has none. */
  readonly name: string | null;
  readonly mediaType: string | null;
  readonly contentId: string | null;
  /** Shares memory with the input. */
  readonly bytes: Uint8Array;
}

const SIGNATURE = 0x223e9f78;
const OEM_CODEPAGE = 0x00069007;
const ATTACH_RENDER_DATA = 0x00069002;
const ATTACH_DATA = 0x0006800f;
const ATTACH_TITLE = 0x00018010;
const ATTACHMENT = 0x00069005;

const PR_ATTACH_DATA = 0x3701;
const PR_ATTACH_FILENAME = 0x3704;
const PR_ATTACH_LONG_FILENAME = 0x3707;
const PR_ATTACH_MIME_TAG = 0x370e;
const PR_ATTACH_CONTENT_ID = 0x3712;
const BINARY = 0x102;

/** More files than any mail has; each costs little, their number is the sender's to choose. */
const MOST_ATTACHMENTS = 1_000;

interface Draft {
  title: string | null;
  data: Uint8Array | null;
  properties: MapiProperties;
}

/**
 * The files of a TNEF stream in their order. Never throws: what is cut off or broken ends the list, and what is no TNEF
 * has none. Embedded objects (a message in a message) are passed over: they are no files.
 */
export function decodeTnef(bytes: Uint8Array): TnefAttachment[] {
  const drafts: Draft[] = [];
  try {
    readAttributes(new TnefReader(bytes), drafts);
  } catch (error) {
    if (!(error instanceof TnefEnd)) throw error;
  }
  return drafts.flatMap(finish);
}

function readAttributes(reader: TnefReader, drafts: Draft[]): void {
  if (reader.u32() !== SIGNATURE) return;
  reader.u16();
  let codepage = 'windows-1252';
  while (!reader.isAtEnd) {
    reader.u8();
    const id = reader.u32();
    const data = reader.take(reader.u32());
    if (id === OEM_CODEPAGE && data.length >= 4) codepage = `windows-${data.readUInt32LE(0)}`;
    else if (id === ATTACH_RENDER_DATA) {
      if (drafts.length >= MOST_ATTACHMENTS) return;
      drafts.push({ title: null, data: null, properties: new Map() });
    } else readAttachment(id, data, drafts.at(-1), codepage);
    // Some programs write wrong checksums, so they are passed over.
    if (reader.isAtEnd) return;
    reader.u16();
  }
}

function readAttachment(id: number, data: Uint8Array, draft: Draft | undefined, codepage: string): void {
  if (draft === undefined) return;
  if (id === ATTACH_TITLE) draft.title = withoutZero(decoderOf(codepage).decode(data));
  if (id === ATTACH_DATA) draft.data = data;
  if (id === ATTACHMENT) draft.properties = readProperties(data);
}

function readProperties(data: Uint8Array): MapiProperties {
  try {
    return readMapiProperties(new TnefReader(data));
  } catch (error) {
    if (error instanceof TnefEnd) return new Map();
    throw error;
  }
}

function finish({ title, data, properties }: Draft): TnefAttachment[] {
  const binary = properties.get(PR_ATTACH_DATA);
  const bytes = data ?? (binary?.type === BINARY ? binary.value : null);
  if (bytes === null) return [];
  const text = (id: number): string | null => mapiText(properties, id, (raw) => decoderOf('windows-1252').decode(raw));
  const name = text(PR_ATTACH_LONG_FILENAME) || title || text(PR_ATTACH_FILENAME) || null;
  const contentId = text(PR_ATTACH_CONTENT_ID)?.replace(/^<|>$/g, '') || null;
  return [{ name, mediaType: text(PR_ATTACH_MIME_TAG)?.toLowerCase() || null, contentId, bytes }];
}

/** A codepage this runtime does not know is read as windows-1252. */
function decoderOf(codepage: string): TextDecoder {
  try {
    return new TextDecoder(codepage);
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder('windows-1252');
    throw error;
  }
}
