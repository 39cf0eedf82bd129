import { appPasswordOf } from '../domain/principal.ts';
import { acting } from '../observe/acting.ts';
import type { Log } from '../observe/log.ts';
import { inLog } from '../observe/log-names.ts';
import type { AppPassword, AppPasswordWriter } from '../store/app-password-store.ts';
import type { DeviceReader } from '../store/device-store.ts';

/** Ended passwords that a mailbox keeps, so that it can be told what became of them, beside those that a device names. */
const ENDED_KEPT = 20;

/** The part of a transaction that passwords are ended in. */
type Passwords = AppPasswordWriter & Pick<DeviceReader, 'devices' | 'deviceByAlias'>;

/**
 * Ends passwords from the commit on: nothing remembers that they were right. Gives those that were ended.
 * @param which Those that still sign in and fit.
 * @param now Milliseconds since 1970.
 */
export async function revokeAppPasswords(
  tx: Passwords,
  now: number,
  which: (password: AppPassword) => boolean,
): Promise<readonly AppPassword[]> {
  const all = await tx.appPasswords();
  const ending = all.filter((password) => password.revokedAt === null && which(password));
  for (const password of ending) await tx.putAppPassword({ ...password, revokedAt: now });
  if (ending.length > 0) await forgetOldest(tx);
  return ending;
}

/**
 * Ends the passwords of a device: those bound to it, and the one that let it in last, which may be bound to another program of it.
 * Called when it is removed (before that), blocked by somebody's word, or was wiped.
 */
export async function revokeAppPasswordsOf(
  tx: Passwords,
  deviceId: string,
  now: number,
): Promise<readonly AppPassword[]> {
  const last = appPasswordOf((await tx.deviceByAlias(deviceId))?.credential);
  return revokeAppPasswords(tx, now, ({ id, device }) => device?.id === deviceId || last === id);
}

/** One line of the security log for each. */
export function tellRevoked(log: Log, ended: readonly AppPassword[], why: string): void {
  for (const { id, label, createdBy, device } of ended) {
    const { user: who, address } = acting();
    inLog(log, 'security').info(
      { who, address, appPassword: id, label, createdBy, device: device?.id ?? null, why },
      'app password revoked',
    );
  }
}

async function forgetOldest(tx: Passwords): Promise<void> {
  // A device that is to be wiped may come for that with what let it in last.
  const named = new Set((await tx.devices()).map(({ credential }) => appPasswordOf(credential)));
  const ended = (await tx.appPasswords()).filter(({ id, revokedAt }) => revokedAt !== null && !named.has(id));
  const newestFirst = ended.toSorted((a, b) => (b.revokedAt ?? 0) - (a.revokedAt ?? 0));
  for (const { id } of newestFirst.slice(ENDED_KEPT)) await tx.removeAppPassword(id);
}
