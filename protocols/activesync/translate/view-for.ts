import { personZone } from '../../../src/domain/calendar/folder-zone.ts';
import { UTC } from '../../../src/domain/calendar/iana-zone.ts';
import type { Folder } from '../../../src/domain/folder.ts';
import type { Principal } from '../../../src/domain/principal.ts';
import type { EasContext } from '../command.ts';
import type { ClientView } from './client-view.ts';
import type { CollectionOptions } from './options.ts';

/**
 * How the items of a folder are shown to the device that asks.
 * @param folders All folders of the mailbox: the main calendar may say in which zone the person lives.
 */
export function viewFor(
  { principal, version }: Pick<EasContext, 'principal' | 'version'>,
  folders: readonly Folder[],
  folder: Folder,
  options: CollectionOptions,
): ClientView {
  return { principal, version, options, zone: personZone(folders, folder, UTC), addresses: addressesOf(principal) };
}

/** By which a person is known to others, lower case. */
export function addressesOf({ localPart, domain }: Pick<Principal, 'localPart' | 'domain'>): readonly string[] {
  return [`${localPart}@${domain}`.toLowerCase()];
}
