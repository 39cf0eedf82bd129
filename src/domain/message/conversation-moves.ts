import type { FolderId } from '../folder.ts';

/** Name of the mailbox's document in which they are kept. */
export const CONVERSATION_MOVES_DOCUMENT = 'conversation-moves';

/** Where messages of a conversation go when they come, in place of the Inbox. */
export interface ConversationMove {
  /** The conversation's id, in hexadecimal. */
  readonly thread: string;
  readonly folderId: FolderId;
}

/** Conversations come to an end, and nobody tells: those that were moved longest ago are forgotten. */
const MOST_MOVES = 500;

/** What is kept as the mailbox's document, the latest first; null is nothing yet. */
export function storedMoves(document: unknown): readonly ConversationMove[] {
  return document === null ? [] : (document as readonly ConversationMove[]);
}

/** The same with another folder for a conversation; null: the Inbox, as for every other. */
export function withMove(
  moves: readonly ConversationMove[],
  thread: string,
  folderId: FolderId | null,
): readonly ConversationMove[] {
  const others = moves.filter((move) => move.thread !== thread);
  return folderId === null ? others : [{ thread, folderId }, ...others].slice(0, MOST_MOVES);
}
