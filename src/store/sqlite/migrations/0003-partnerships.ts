/** What is remembered of each device and folder, the commands of the last answers, and versions that lost a conflict. */
export const PARTNERSHIPS = `
ALTER TABLE mailbox ADD COLUMN next_partnership INTEGER NOT NULL DEFAULT 1;

CREATE TABLE partnership (
  mailbox_id INTEGER NOT NULL,
  folder_id INTEGER NOT NULL,
  device TEXT NOT NULL,
  number INTEGER NOT NULL,
  answers INTEGER NOT NULL,
  -- The generations as JSON: never searched, always read and written whole.
  state TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, folder_id, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE partnership_command (
  mailbox_id INTEGER NOT NULL,
  folder_id INTEGER NOT NULL,
  device TEXT NOT NULL,
  list TEXT NOT NULL,
  name TEXT NOT NULL,
  seq INTEGER NOT NULL,
  entry TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, folder_id, device, list, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX partnership_command_seq ON partnership_command (mailbox_id, folder_id, device, list, seq);

CREATE TABLE conflict_loser (
  mailbox_id INTEGER NOT NULL,
  loser_id INTEGER NOT NULL,
  folder_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  device TEXT NOT NULL,
  at INTEGER NOT NULL,
  side TEXT NOT NULL,
  rule TEXT NOT NULL,
  content_type TEXT NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (mailbox_id, loser_id)
) STRICT;
CREATE INDEX conflict_loser_at ON conflict_loser (mailbox_id, at);
`;
