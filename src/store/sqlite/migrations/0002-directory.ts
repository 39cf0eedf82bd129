/** Users and run-time settings: few rows, for the whole server. */
export const DIRECTORY = `
CREATE TABLE user (
  user_id INTEGER PRIMARY KEY,
  local_part TEXT NOT NULL,
  domain TEXT NOT NULL,
  display_name TEXT,
  roles TEXT NOT NULL,
  mailbox_id INTEGER NOT NULL,
  password_hash TEXT NOT NULL,
  password_version INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX user_name ON user (local_part, domain);

CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE setting_history (
  key TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (key, seq)
) STRICT, WITHOUT ROWID;
`;
