/** The devices of a mailbox, small documents of the protocols, and operations that are done once. */
export const DEVICES = `
CREATE TABLE device (
  mailbox_id INTEGER NOT NULL,
  device_id TEXT NOT NULL,
  -- Beside the facts, since it alone is written again and again.
  last_seen_at INTEGER NOT NULL,
  -- All else as JSON: never searched, always read and written whole.
  facts TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, device_id)
) STRICT, WITHOUT ROWID;

-- The aliases the facts list, to find the device by.
CREATE TABLE device_alias (
  mailbox_id INTEGER NOT NULL,
  alias TEXT NOT NULL,
  device_id TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, alias)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_alias_device ON device_alias (mailbox_id, device_id);

CREATE TABLE document (
  mailbox_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE done_operation (
  mailbox_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  result TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX done_operation_at ON done_operation (mailbox_id, at);
`;
