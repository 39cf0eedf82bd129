import { CLIENT_ORIGIN, type MailboxId } from '../domain/mailbox.ts';
import { appPasswordOf } from '../domain/principal.ts';
import type { Device, DeviceReader } from '../store/device-store.ts';
import type { SyncStateStore } from '../store/sync-state-store.ts';
import { wipeUnderWay } from './wipe.ts';

/** The document with the hash of what a device was last let in with, once that is nobody's password any more. */
export function credentialDocument(deviceId: string): string {
  return `${deviceId}/credential`;
}

/** What is good for one thing: that a device with a wipe under way fetches and acknowledges it. */
export interface WipeCredential {
  /** Id of the device. */
  readonly device: string;
  /** What let it in last, as in `Principal.credential`. */
  readonly credential: string | undefined;
  /** The hash behind it, once that was replaced (argon2id, PHC string). */
  readonly passwordHash: string | null;
}

/**
 * Keeps a hash that is about to be replaced or revoked for the devices that were last let in with it: one that is to be wiped
 * must be able to come for it, also when the wipe is asked for only afterwards. A hash kept earlier stays, since the device
 * never came with a later one. It is forgotten when the device is let in with another credential, or is removed or wiped.
 * @param isMeant Which credentials (`Principal.credential`) the hash stands behind; undefined: of a device that came before
 *   credentials were noted.
 */
export async function keepCredential(
  syncState: SyncStateStore,
  mailboxId: MailboxId,
  passwordHash: string,
  isMeant: (credential: string | undefined) => boolean,
): Promise<void> {
  const devices = await syncState.read(mailboxId).devices();
  if (!devices.some(({ credential }) => isMeant(credential))) return;
  await syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    for (const { id, credential } of await tx.devices()) {
      const name = credentialDocument(id);
      if (isMeant(credential) && (await tx.document(name)) === null) await tx.putDocument(name, { passwordHash });
    }
  });
}

/** Whether a credential is the account's own password; of a device that came before credentials were noted it was. */
export function isPassword(credential: string | undefined): boolean {
  return appPasswordOf(credential) === null;
}

/** What devices with a wipe under way were last let in with. */
export async function wipeCredentials(reader: DeviceReader): Promise<readonly WipeCredential[]> {
  const found: WipeCredential[] = [];
  for (const device of await reader.devices()) {
    if (wipeUnderWay(device) === null) continue;
    const { id, credential } = device;
    found.push({ device: id, credential, passwordHash: await keptHash(reader, device) });
  }
  return found;
}

async function keptHash(reader: DeviceReader, device: Device): Promise<string | null> {
  const kept = await reader.document(credentialDocument(device.id));
  const { passwordHash } = (kept ?? {}) as { passwordHash?: unknown };
  return typeof passwordHash === 'string' ? passwordHash : null;
}
