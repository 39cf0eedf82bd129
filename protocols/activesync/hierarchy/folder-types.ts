import type { CalendarKind, FolderRole, ItemClass } from '../../../src/domain/item-class.ts';
import { type ClassVersion, isAtLeast } from '../classes/version.ts';
import type { EasClass } from '../translate/view.ts';

/** Folders that every mailbox has once (MS-ASCMD §2.2.3.186.3). There is no type for junk: it is a mail folder like any other. */
const DEFAULT_TYPE: Readonly<Partial<Record<FolderRole, number>>> = {
  inbox: 2,
  drafts: 3,
  deleted: 4,
  sent: 5,
  outbox: 6,
  tasks: 7,
  calendar: 8,
  contacts: 9,
  notes: 10,
};

const USER_TYPE: Readonly<Record<EasClass, number>> = { Email: 12, Calendar: 13, Contacts: 14, Tasks: 15, Notes: 17 };

/** The Type of a collection. @param role Of its folder, null for a further view of it */
export function typeOf(easClass: EasClass, role: FolderRole | null): number {
  return (role === null ? undefined : DEFAULT_TYPE[role]) ?? USER_TYPE[easClass];
}

/** What a folder of a type that clients may create is here. */
export interface CreatedClass {
  readonly itemClass: ItemClass;
  readonly components: readonly CalendarKind[];
}

const CREATED: ReadonlyMap<number, CreatedClass> = new Map([
  // MS-ASCMD §2.2.3.186.2: "user-created folder (generic)" comes from mail programs, beside or below mail folders.
  [1, { itemClass: 'mail', components: [] }],
  [12, { itemClass: 'mail', components: [] }],
  [13, { itemClass: 'calendar', components: ['VEVENT'] }],
  [14, { itemClass: 'contacts', components: [] }],
  [15, { itemClass: 'tasks', components: ['VTODO'] }],
  [17, { itemClass: 'notes', components: ['VJOURNAL'] }],
]);

/** What to create for a Type; null for default folders, for journals, and for notes in versions that do not show them. */
export function createdClassOf(type: number, version: ClassVersion): CreatedClass | null {
  if (type === 17 && !isAtLeast(version, '14.0')) return null;
  return CREATED.get(type) ?? null;
}
