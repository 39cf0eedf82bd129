/**
 * Words of messages. The full-text table holds no text, only which message has which word; its rowids are made
 * of mailbox and item, its terms of mailbox and word. The trigger keeps removed messages out of it in the very
 * transaction that removes them, a mailbox's removal included.
 */
export const SEARCH = `
CREATE VIRTUAL TABLE message_text USING fts5 (
  words, content = '', contentless_delete = 1, detail = none,
  tokenize = 'unicode61 remove_diacritics 0'
);

-- Which content of a message the words are of.
CREATE TABLE message_words (
  mailbox_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  content_rev INTEGER NOT NULL,
  thread TEXT,
  PRIMARY KEY (mailbox_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_words_thread ON message_words (mailbox_id, thread) WHERE thread IS NOT NULL;

-- Up to which stamp a folder was looked through.
CREATE TABLE search_position (
  mailbox_id INTEGER NOT NULL,
  folder_id INTEGER NOT NULL,
  stamp INTEGER NOT NULL,
  PRIMARY KEY (mailbox_id, folder_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER message_words_removed AFTER DELETE ON item WHEN old.kind = 'MESSAGE' BEGIN
  DELETE FROM message_text WHERE rowid = (SELECT (mailbox_id << 40) | item_id FROM message_words
    WHERE mailbox_id = old.mailbox_id AND item_id = old.item_id);
  DELETE FROM message_words WHERE mailbox_id = old.mailbox_id AND item_id = old.item_id;
END;
CREATE TRIGGER search_position_removed AFTER DELETE ON folder BEGIN
  DELETE FROM search_position WHERE mailbox_id = old.mailbox_id AND folder_id = old.folder_id;
END;
`;
