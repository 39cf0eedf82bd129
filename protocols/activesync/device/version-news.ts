import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import type { Principal } from '../../../src/domain/principal.ts';
import type { Device } from '../../../src/store/device-store.ts';
import type { EasEnvironment } from '../environment.ts';

/** The document with the versions that a device was told of last. */
function versionsDocument(deviceId: string): string {
  return `${deviceId}/versions`;
}

/** Devices that are known to have been told of the present versions: those change with the program only. By store. */
const TOLD = new WeakMap<object, Set<string>>();

/**
 * Whether other versions are served now than a device was told of last; answered with true once, and then the device has to be
 * told, since clients ask by OPTIONS only once (MS-ASHTTP §2.2.2.1.2).
 * @param versions As OPTIONS lists them.
 */
export async function isVersionNews(
  { sync: { store } }: Pick<EasEnvironment, 'sync'>,
  { mailboxId }: Pick<Principal, 'mailboxId'>,
  device: Pick<Device, 'id'>,
  versions: string,
): Promise<boolean> {
  const told = TOLD.get(store) ?? new Set<string>();
  TOLD.set(store, told);
  const key = `${mailboxId}/${device.id}`;
  if (told.has(key)) return false;
  const name = versionsDocument(device.id);
  const isOld = (known: unknown): boolean => known !== versions;
  const isNews =
    isOld(await store.read(mailboxId).document(name)) &&
    (await store.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
      const known = await tx.document(name);
      if (isOld(known)) await tx.putDocument(name, versions);
      // A device of which nothing is known has yet to ask.
      return isOld(known) && known !== null;
    }));
  told.add(key);
  return isNews;
}
