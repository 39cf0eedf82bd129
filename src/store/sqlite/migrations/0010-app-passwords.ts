/** Passwords for single devices: found by the digest of what a client sends, in the mailbox of the user it names. */
export const APP_PASSWORDS = `
CREATE TABLE app_password (
  mailbox_id INTEGER NOT NULL,
  password_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (mailbox_id, password_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX app_password_digest ON app_password (mailbox_id, digest);
`;
