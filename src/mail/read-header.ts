import { GatewayError } from '../domain/errors.ts';
import type { HeaderField } from '../formats/mime/header-fields.ts';
import { createMessageIndexer, type MessageHeader } from '../formats/mime/message-indexer.ts';
import { MimeError } from '../formats/mime/mime-error.ts';

/** More than the longest lists of recipients and trace fields take. */
const MAX_HEADER_BYTES = 1024 * 1024;
const STEP = 8 * 1024;

export interface SplitMessage {
  readonly fields: readonly HeaderField[];
  /** What follows the empty line, in the memory it came in. */
  readonly body: readonly Uint8Array[];
}

/** Reads a message's own header and no further. @throws GatewayError 'message-invalid' */
export function readHeader(chunks: readonly Uint8Array[]): SplitMessage {
  if (chunks.every((chunk) => chunk.length === 0)) throw invalid('it is empty');
  const { fields: written, bodyStart } = headerOf(chunks);
  // A line left over from an mbox file is no field, and would end the header for others.
  const fields = written.filter(({ name, raw }, place) => place > 0 || name !== '' || !/^>?From /.test(raw));
  // So would any other: what follows, Bcc too, would be text to some and header to others.
  // Its words are not told: reasons are logged, and of a message without a header they would be what people write.
  const stray = fields.findIndex(({ name }) => name === '');
  if (stray >= 0) throw invalid(`what stands after ${stray} fields of its header is no field`);
  return { fields, body: from(chunks, bodyStart) };
}

function headerOf(chunks: readonly Uint8Array[]): MessageHeader {
  const indexer = createMessageIndexer({ maxHeaderBytes: MAX_HEADER_BYTES });
  try {
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += STEP) {
        indexer.write(chunk.subarray(at, at + STEP));
        if (indexer.header !== null) return indexer.header;
      }
    }
    const { root, fields } = indexer.end();
    return { fields, header: root.header, bodyStart: root.body.start };
  } catch (error) {
    if (error instanceof MimeError) throw invalid(error.message);
    throw error;
  }
}

function from(chunks: readonly Uint8Array[], start: number): readonly Uint8Array[] {
  const rest: Uint8Array[] = [];
  let passed = 0;
  for (const chunk of chunks) {
    if (passed + chunk.length > start) rest.push(chunk.subarray(Math.max(0, start - passed)));
    passed += chunk.length;
  }
  return rest;
}

function invalid(reason: string): GatewayError {
  return new GatewayError('message-invalid', { reason }, `The message cannot be sent: ${reason}.`);
}
