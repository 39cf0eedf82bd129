import { decodePart } from '../../../../src/formats/mime/decode-part.ts';
import type { MessagePart } from '../../../../src/formats/mime/message-index.ts';
import { openUuBlock } from '../../../../src/formats/mime/uu-blocks.ts';
import { decodeTnef } from '../../../../src/formats/tnef/decode-tnef.ts';
import { readAll } from './held-message.ts';
import type { ShownMessage } from './shown-message.ts';

/** A `winmail.dat` has to be held to be read; a bigger one is shown as the file it is, and so are those after the first few. */
const LARGEST_TNEF = 32 * 1024 * 1024;
const MOST_TNEF = 4;

/** A part that is shown as attachment, or one file of a part that holds several. */
export interface ShownFile {
  readonly part: MessagePart;
  /** From 1; 0 for the part itself. */
  readonly number: number;
  readonly file: ContainedFile | null;
}

export interface ContainedFile {
  /** As written; may hold path separators. Null where it has none. */
  readonly name: string | null;
  readonly mediaType: string | null;
  readonly contentId: string | null;
  /** Bytes. */
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

/** What a reader sees as attachments: the files in the text first, then parts, or the files in a `winmail.dat`. */
export async function shownFiles(shown: ShownMessage): Promise<ShownFile[]> {
  const files: ShownFile[] = [];
  for (const part of shown.uuFiles.keys()) files.push(...numbered(part, uuFilesOf(shown, part)));
  let opened = 0;
  for (const part of shown.view.attachments) {
    const isRead = isTnef(part) && opened < MOST_TNEF;
    if (isRead) opened += 1;
    const contained = isRead ? await tnefFilesOf(shown, part) : [];
    files.push(...(contained.length === 0 ? [{ part, number: 0, file: null }] : numbered(part, contained)));
  }
  return files;
}

function numbered(part: MessagePart, files: readonly ContainedFile[]): ShownFile[] {
  return files.map((file, at) => ({ part, number: at + 1, file }));
}

function uuFilesOf({ message, uuFiles }: ShownMessage, part: MessagePart): ContainedFile[] {
  return uuFiles.get(part)!.map((block) => ({
    name: block.name,
    mediaType: null,
    contentId: null,
    size: block.size,
    open: () => openUuBlock(decodePart(message.open(), part), block),
  }));
}

/** Files in a form that only Outlook can open. */
async function tnefFilesOf({ message }: ShownMessage, part: MessagePart): Promise<ContainedFile[]> {
  const found = decodeTnef(await readAll(decodePart(message.open(), part)));
  return found.map(({ bytes, ...file }) => ({
    ...file,
    size: bytes.length,
    async *open() {
      yield bytes;
    },
  }));
}

function isTnef(part: MessagePart): boolean {
  const isNamed =
    /^application\/(?:vnd\.)?ms-tnef$/.test(part.mediaType) || /^winmail\.dat$/i.test(part.filename ?? '');
  return isNamed && part.body.end - part.body.start <= LARGEST_TNEF;
}
