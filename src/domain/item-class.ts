/** What a folder holds. A folder holds items of one class; a calendar folder may take several iCalendar components. */
export type ItemClass = 'mail' | 'calendar' | 'contacts' | 'tasks' | 'notes' | 'files';

/** What one item is, whatever folder it lies in: the iCalendar component, a vCard, a message or bytes. */
export type ItemKind = 'VEVENT' | 'VTODO' | 'VJOURNAL' | 'VFREEBUSY' | 'VCARD' | 'MESSAGE' | 'FILE';

/** iCalendar components that a folder of class calendar, tasks or notes can take (RFC 4791 §5.2.3). */
export type CalendarKind = 'VEVENT' | 'VTODO' | 'VJOURNAL' | 'VFREEBUSY';

/** Folders that every mailbox has exactly once, in the order in which they are listed. The role is fixed, the shown name is not. */
export const FOLDER_ROLES = [
  'inbox',
  'drafts',
  'sent',
  'deleted',
  'outbox',
  'junk',
  'calendar',
  'contacts',
  'tasks',
  'notes',
] as const;
export type FolderRole = (typeof FOLDER_ROLES)[number];

/** The tree in which a folder's name is unique: clients are confused by calendars and address books in one home. */
export type Home = 'mail' | 'calendars' | 'addressbooks' | 'files';

export const HOME_OF: Readonly<Record<ItemClass, Home>> = {
  mail: 'mail',
  calendar: 'calendars',
  tasks: 'calendars',
  notes: 'calendars',
  contacts: 'addressbooks',
  files: 'files',
};
