import type { StoredMessage } from './message-view.ts';

/** Messages up to this size are read once for all that is shown of them. */
export const LARGEST_HELD = 64 * 1024;

/** The message, its bytes kept from the first time they are read on where they are few. */
export function heldMessage(message: StoredMessage): StoredMessage {
  if (message.index.size > LARGEST_HELD) return message;
  let held: Promise<Uint8Array> | null = null;
  return {
    ...message,
    async *open() {
      held ??= readAll(message.open());
      yield await held;
    },
  };
}

export async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return read.length === 1 ? read[0]! : Buffer.concat(read);
}
