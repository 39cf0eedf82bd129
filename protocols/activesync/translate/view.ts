import type { Folder, FolderId } from '../../../src/domain/folder.ts';
import type { ItemId } from '../../../src/domain/item.ts';
import type { CalendarKind, ItemClass, ItemKind } from '../../../src/domain/item-class.ts';
import { type ClassVersion, isAtLeast } from '../classes/version.ts';

export type EasClass = 'Email' | 'Calendar' | 'Contacts' | 'Tasks' | 'Notes';

/** Names a further view of a folder: its events, tasks or notes beside its own class. */
export type ViewSuffix = '' | 'e' | 't' | 'n';

/** One collection as phones see it: a folder, or the items of one kind in it. */
export interface Collection {
  /** The folder's id and the suffix: `12`, `12t`. */
  readonly id: string;
  readonly folder: Folder;
  readonly easClass: EasClass;
  /** The one kind of items that this collection shows. */
  readonly kind: ItemKind;
  readonly suffix: ViewSuffix;
  /** Folders whose items it shows beside its own, for a device that has one folder for the class; absent for others. */
  readonly merged?: readonly Folder[];
}

interface ViewRule {
  readonly easClass: EasClass;
  readonly kind: ItemKind;
}

const OWN: Readonly<Record<ItemClass, ViewRule | null>> = {
  mail: { easClass: 'Email', kind: 'MESSAGE' },
  calendar: { easClass: 'Calendar', kind: 'VEVENT' },
  contacts: { easClass: 'Contacts', kind: 'VCARD' },
  tasks: { easClass: 'Tasks', kind: 'VTODO' },
  notes: { easClass: 'Notes', kind: 'VJOURNAL' },
  files: null,
};

const FURTHER: readonly (ViewRule & { readonly kind: CalendarKind; readonly suffix: ViewSuffix })[] = [
  { easClass: 'Calendar', kind: 'VEVENT', suffix: 'e' },
  { easClass: 'Tasks', kind: 'VTODO', suffix: 't' },
  { easClass: 'Notes', kind: 'VJOURNAL', suffix: 'n' },
];

/**
 * The collections that phones of this version see of a folder: one for its own class, and one for each further
 * component that it takes. None for files, and none for notes before 14.0 (MS-ASNOTE §1.7).
 */
export function collectionsOf(folder: Folder, version: ClassVersion): Collection[] {
  const own = OWN[folder.itemClass];
  if (own === null) return [];
  const isCalendarKind = FURTHER.some(({ kind }) => kind === own.kind);
  const takes = (kind: ItemKind): boolean => (folder.components as readonly ItemKind[]).includes(kind);
  const rules = [
    ...(isCalendarKind && !takes(own.kind) ? [] : [{ ...own, suffix: '' as const }]),
    ...(isCalendarKind ? FURTHER.filter(({ kind }) => kind !== own.kind && takes(kind)) : []),
  ];
  return rules
    .filter(({ easClass }) => easClass !== 'Notes' || isAtLeast(version, '14.0'))
    .map(({ easClass, kind, suffix }) => ({ id: `${folder.id}${suffix}`, folder, easClass, kind, suffix }));
}

/** The collection of this folder with this suffix; null where phones of this version see none. */
export function collectionOf(folder: Folder, suffix: ViewSuffix, version: ClassVersion): Collection | null {
  return collectionsOf(folder, version).find((collection) => collection.suffix === suffix) ?? null;
}

/** Takes a CollectionId apart; null for text that names no collection of ours. */
export function parseCollectionId(text: string): { readonly folderId: FolderId; readonly suffix: ViewSuffix } | null {
  const found = /^([1-9]\d{0,14})([etn]?)$/.exec(text);
  return found === null ? null : { folderId: Number(found[1]), suffix: found[2] as ViewSuffix };
}

/** Names a device's partnership with this collection: each view of one folder has a state of its own. */
export function partnershipDevice(deviceId: string, { suffix }: Pick<Collection, 'suffix'>): string {
  return suffix === '' ? deviceId : `${deviceId}/${suffix}`;
}

/** The ServerId of an item: at most 32 of the 64 characters that it may have. */
export function serverIdOf({ id }: Pick<Collection, 'id'>, itemId: ItemId): string {
  return `${id}:${itemId}`;
}

/** Takes a ServerId apart; null for text that names no item of ours. */
export function parseServerId(text: string): { readonly collectionId: string; readonly itemId: ItemId } | null {
  const found = /^([1-9]\d{0,14}[etn]?):([1-9]\d{0,14})$/.exec(text);
  return found === null ? null : { collectionId: found[1]!, itemId: Number(found[2]) };
}
