/**
 * What devices of all mailboxes are found by. The index table follows `device` in the same transaction; the full-text table
 * holds the three-letter pieces of `text`, so that a part of an id finds it. Every order a list can have is an index, each
 * with the other filters' columns behind it, so that they cost no look at the row.
 */
export const DEVICE_REGISTER = `
CREATE TABLE device_register (
  entry INTEGER PRIMARY KEY AUTOINCREMENT,
  mailbox_id INTEGER NOT NULL,
  device_id TEXT NOT NULL,
  owner TEXT NOT NULL,
  domain TEXT NOT NULL,
  protocol TEXT NOT NULL,
  access TEXT NOT NULL,
  contact INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX device_register_device ON device_register (mailbox_id, device_id);
CREATE INDEX device_register_contact ON device_register (contact);
CREATE INDEX device_register_mailbox ON device_register (mailbox_id, contact);
CREATE INDEX device_register_domain ON device_register (domain, contact, protocol, access);
CREATE INDEX device_register_protocol ON device_register (protocol, contact, access);
CREATE INDEX device_register_access ON device_register (access, contact, protocol);
CREATE INDEX device_register_owner ON device_register (owner);

CREATE VIRTUAL TABLE device_text USING fts5 (
  text, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);

CREATE TRIGGER device_register_removed AFTER DELETE ON device BEGIN
  DELETE FROM device_text WHERE rowid = (SELECT entry FROM device_register
    WHERE mailbox_id = old.mailbox_id AND device_id = old.device_id);
  DELETE FROM device_register WHERE mailbox_id = old.mailbox_id AND device_id = old.device_id;
END;

UPDATE device SET facts = json_set(facts, '$.owner',
    (SELECT local_part || '@' || domain FROM user WHERE user.mailbox_id = device.mailbox_id))
  WHERE mailbox_id IN (SELECT mailbox_id FROM user);
INSERT INTO device_register (mailbox_id, device_id, owner, domain, protocol, access, contact, text)
  SELECT d.mailbox_id, d.device_id, coalesce(d.facts ->> '$.owner', ''), coalesce(u.domain, ''), d.facts ->> '$.protocol',
    'allowed', d.last_seen_at, lower(concat_ws(char(10), d.facts ->> '$.owner', d.facts ->> '$.shownId', d.device_id,
      d.facts ->> '$.type', d.facts ->> '$.agent', d.facts ->> '$.remoteAddress',
      (SELECT group_concat(value, char(10)) FROM json_each(d.facts, '$.information'))))
  FROM device d LEFT JOIN user u ON u.mailbox_id = d.mailbox_id;
INSERT INTO device_text (rowid, text) SELECT entry, text FROM device_register;
`;
