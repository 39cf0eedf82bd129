import { type AddressParts, addressOf } from '../../../src/domain/address.ts';
import { personZone } from '../../../src/domain/calendar/folder-zone.ts';
import { UTC } from '../../../src/domain/calendar/iana-zone.ts';
import type { Folder } from '../../../src/domain/folder.ts';
import type { Device } from '../../../src/store/device-store.ts';
import type { EasContext } from '../command.ts';
import { factsOf, quirksOf } from '../quirks.ts';
import type { ClientView } from './client-view.ts';
import type { CollectionOptions } from './options.ts';

/**
 * How the items of a folder are shown to the device that asks.
 * @param context Without a device what is shown is as documented, whatever the device is.
 * @param folders All folders of the mailbox: the main calendar may say in which zone the person lives.
 */
export function viewFor(
  context: Pick<EasContext, 'principal' | 'version'> & { readonly device?: Device },
  folders: readonly Folder[],
  folder: Folder,
  options: CollectionOptions,
): ClientView {
  const { principal, version, device } = context;
  const zone = personZone(folders, folder, UTC);
  const quirks = device === undefined ? {} : quirksOf(factsOf(device, version));
  return { principal, version, options, zone, addresses: addressesOf(principal), quirks };
}

/** By which a person is known to others, lower case. */
export function addressesOf(person: AddressParts): readonly string[] {
  return [addressOf(person).toLowerCase()];
}
