import { type Content, chunksOf } from '../../domain/content.ts';
import type { MessageIndex } from '../../formats/mime/message-index.ts';
import { createMessageIndexer } from '../../formats/mime/message-indexer.ts';
import { toCrlf } from '../line-ends.ts';

/** A message in memory, its lines ended by CRLF, so that it can be put together with another. */
export interface LoadedMessage {
  readonly chunks: readonly Uint8Array[];
  readonly index: MessageIndex;
}

/** @throws MimeError at a limit of the codec */
export function loadMessage(content: Content): LoadedMessage {
  const chunks = toCrlf(chunksOf(content));
  const indexer = createMessageIndexer();
  for (const chunk of chunks) indexer.write(chunk);
  return { chunks, index: indexer.end() };
}

/** The bytes as decoders read them. */
export async function* bytesOf({ chunks }: LoadedMessage): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
