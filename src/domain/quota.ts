/** What a mailbox may hold; null is no limit. */
export interface Quota {
  readonly bytes: number | null;
  readonly items: number | null;
}

/** What was set for one mailbox alone: a limit, no limit whatever holds for others, or null: as for others. */
export interface OwnQuota {
  readonly bytes: number | 'none' | null;
  readonly items: number | 'none' | null;
}

export const NO_QUOTA: Quota = { bytes: null, items: null };

/** Nothing set: as for others. */
export const INHERITED_QUOTA: OwnQuota = { bytes: null, items: null };

/** What is in force where `others` holds for everybody who has nothing of their own. */
export function quotaInForce(own: OwnQuota, others: Quota): Quota {
  return { bytes: inForce(own.bytes, others.bytes), items: inForce(own.items, others.items) };
}

function inForce(own: number | 'none' | null, others: number | null): number | null {
  if (own === null) return others;
  return own === 'none' ? null : own;
}

/** The greater share of the quota that is used, in thousandths; null without a quota. What may hold nothing is full. */
export function shareOf(used: { bytes: number; items: number }, quota: Quota): number | null {
  const shares = [thousandths(used.bytes, quota.bytes), thousandths(used.items, quota.items)];
  const known = shares.filter((share) => share !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function thousandths(used: number, limit: number | null): number | null {
  if (limit === null) return null;
  return limit === 0 ? 1000 : Math.floor((used * 1000) / limit);
}
