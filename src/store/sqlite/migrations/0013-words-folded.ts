/**
 * Words of messages are folded further than before (`foldText`), so that old ones would not be found any more: all are
 * forgotten, and read again from the messages, at the latest when somebody searches.
 */
export const WORDS_FOLDED = `
INSERT INTO message_text (message_text) VALUES ('delete-all');
DELETE FROM message_words;
DELETE FROM search_position;
`;
