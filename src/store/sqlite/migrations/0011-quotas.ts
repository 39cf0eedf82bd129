/**
 * Quotas of a mailbox's own (-1: no limit; null: as for others) beside those in force, which are `quota_bytes` and `quota_items`,
 * and the greater share that is used of these, in thousandths, -1 without a quota: what is full is found by an index.
 */
export const QUOTAS = `
ALTER TABLE mailbox ADD COLUMN own_bytes INTEGER;
ALTER TABLE mailbox ADD COLUMN own_items INTEGER;
ALTER TABLE mailbox ADD COLUMN share INTEGER GENERATED ALWAYS AS (max(
  CASE WHEN quota_bytes IS NULL THEN -1 WHEN quota_bytes = 0 THEN 1000 ELSE used_bytes * 1000 / quota_bytes END,
  CASE WHEN quota_items IS NULL THEN -1 WHEN quota_items = 0 THEN 1000 ELSE item_count * 1000 / quota_items END
)) VIRTUAL;
CREATE INDEX mailbox_share ON mailbox (share DESC, mailbox_id) WHERE removing = 0;
`;
