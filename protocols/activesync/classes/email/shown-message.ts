import { heldMessage } from './held-message.ts';
import { type MessageView, type StoredMessage, viewMessage } from './message-view.ts';
import { findUuFiles, type UuFiles } from './uuencoded.ts';

/** A message with what was found out about it once, for everything that is told of it. */
export interface ShownMessage {
  readonly stored: StoredMessage;
  /** The same, its bytes held where they are few: for what is read at once, not for what is sent later. */
  readonly message: StoredMessage;
  readonly view: MessageView;
  readonly uuFiles: UuFiles;
}

export async function showMessage(stored: StoredMessage): Promise<ShownMessage> {
  const message = heldMessage(stored);
  const view = viewMessage(message.index);
  return { stored, message, view, uuFiles: await findUuFiles(message, view) };
}
