/**
 * Mailboxes, folders, items, content and the log. Every key starts with mailbox_id, so that the same tables can be
 * spread over machines by mailbox; ids and stamps come from the mailbox's own row.
 */
export const MAILBOXES = `
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE store_fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE mailbox (
  mailbox_id INTEGER PRIMARY KEY,
  head INTEGER NOT NULL DEFAULT 0,
  next_item INTEGER NOT NULL DEFAULT 1,
  next_folder INTEGER NOT NULL DEFAULT 1,
  used_bytes INTEGER NOT NULL DEFAULT 0,
  item_count INTEGER NOT NULL DEFAULT 0,
  quota_bytes INTEGER,
  quota_items INTEGER,
  folders_last INTEGER NOT NULL DEFAULT 0,
  folders_pruned INTEGER NOT NULL DEFAULT 0,
  removing INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE folder (
  mailbox_id INTEGER NOT NULL,
  folder_id INTEGER NOT NULL,
  parent_id INTEGER NOT NULL,
  item_class TEXT NOT NULL,
  home TEXT NOT NULL,
  role TEXT,
  name TEXT NOT NULL,
  display_name TEXT,
  components TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  rev INTEGER NOT NULL,
  last INTEGER NOT NULL,
  pruned INTEGER NOT NULL,
  PRIMARY KEY (mailbox_id, folder_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX folder_name ON folder (mailbox_id, home, parent_id, name);
CREATE UNIQUE INDEX folder_role ON folder (mailbox_id, role) WHERE role IS NOT NULL;
CREATE INDEX folder_parent ON folder (mailbox_id, parent_id);
CREATE INDEX folder_rev ON folder (mailbox_id, rev);

CREATE TABLE folder_property (
  mailbox_id INTEGER NOT NULL,
  folder_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, folder_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE folder_log (
  mailbox_id INTEGER NOT NULL,
  stamp INTEGER NOT NULL,
  folder_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, stamp)
) STRICT, WITHOUT ROWID;

CREATE TABLE item (
  mailbox_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  folder_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  content_type TEXT NOT NULL,
  kind TEXT NOT NULL,
  uid TEXT,
  range_start INTEGER NOT NULL,
  range_end INTEGER NOT NULL,
  filter_key INTEGER NOT NULL,
  entered INTEGER NOT NULL,
  rev INTEGER NOT NULL,
  content_rev INTEGER NOT NULL,
  by INTEGER,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  flags TEXT,
  PRIMARY KEY (mailbox_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX item_name ON item (mailbox_id, folder_id, name);
CREATE INDEX item_list ON item (mailbox_id, folder_id, item_id);
CREATE INDEX item_rev ON item (mailbox_id, folder_id, rev);
CREATE INDEX item_key ON item (mailbox_id, folder_id, filter_key, item_id);
CREATE INDEX item_uid ON item (mailbox_id, uid, folder_id) WHERE uid IS NOT NULL;
-- Items of at most 32 days lie near their start; the few longer ones (series, endless, timeless) are found by their end.
CREATE INDEX item_short ON item (mailbox_id, folder_id, range_start, range_end, kind)
  WHERE range_end - range_start <= 2764800;
CREATE INDEX item_long ON item (mailbox_id, folder_id, range_end, range_start, kind)
  WHERE range_end - range_start > 2764800;

CREATE TABLE item_content (
  mailbox_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (mailbox_id, item_id, seq)
) STRICT, WITHOUT ROWID;

-- A row when an item enters, leaves, is renamed or changes its filter key; before and after are that key, or null.
-- claim is for synchronisation partnerships.
CREATE TABLE presence (
  mailbox_id INTEGER NOT NULL,
  folder_id INTEGER NOT NULL,
  stamp INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  stay INTEGER NOT NULL,
  before INTEGER,
  after INTEGER,
  by INTEGER,
  claim INTEGER,
  left_name TEXT,
  PRIMARY KEY (mailbox_id, folder_id, stamp)
) STRICT, WITHOUT ROWID;
CREATE INDEX presence_left ON presence (mailbox_id, folder_id, stamp, left_name, item_id) WHERE left_name IS NOT NULL;
CREATE INDEX presence_name ON presence (mailbox_id, folder_id, left_name, stamp) WHERE left_name IS NOT NULL;

CREATE TABLE stamp_hour (
  mailbox_id INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  stamp INTEGER NOT NULL,
  PRIMARY KEY (mailbox_id, hour)
) STRICT, WITHOUT ROWID;
`;
