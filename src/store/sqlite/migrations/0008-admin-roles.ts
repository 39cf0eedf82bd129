/**
 * Administrators by scopes and domain, and who is signed in. Whoever was an administrator may do everything on the whole
 * server. A sign-in ends with the password and the role that it was made by, in the same transaction.
 */
export const ADMIN_ROLES = `
ALTER TABLE user ADD COLUMN role TEXT;
UPDATE user SET role = '{"scopes":["read","helpdesk","wipe","admin"],"domain":null}'
  WHERE EXISTS (SELECT 1 FROM json_each(user.roles) WHERE value = 'admin');
ALTER TABLE user DROP COLUMN roles;

CREATE TABLE sign_in (
  sign_in_id TEXT PRIMARY KEY,
  user_id INTEGER NOT NULL,
  token_hash TEXT NOT NULL,
  previous_hash TEXT,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  remote_address TEXT NOT NULL,
  user_agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_user ON sign_in (user_id);
CREATE INDEX sign_in_used ON sign_in (used_at);
CREATE INDEX sign_in_created ON sign_in (created_at);

CREATE TRIGGER sign_in_of_changed AFTER UPDATE OF password_version, role ON user BEGIN
  DELETE FROM sign_in WHERE user_id = old.user_id;
END;
CREATE TRIGGER sign_in_of_removed AFTER DELETE ON user BEGIN
  DELETE FROM sign_in WHERE user_id = old.user_id;
END;
`;
