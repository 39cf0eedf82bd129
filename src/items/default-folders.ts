import type { NewFolder } from '../domain/folder.ts';
import type { CalendarKind, FolderRole, ItemClass } from '../domain/item-class.ts';
import type { MailboxId } from '../domain/mailbox.ts';
import type { ItemServices } from './services.ts';

/** `name` is the fixed DAV name; the shown name is null, so that it follows the reader's language. */
interface DefaultFolder {
  readonly role: FolderRole;
  readonly itemClass: ItemClass;
  readonly name: string;
  readonly components: readonly CalendarKind[];
}

/**
 * The folders of a new mailbox, in the order in which they are listed. The main calendar also takes tasks, because
 * calendar programs that know one collection only put them there; a task list of its own is what phones show.
 */
const DEFAULT_FOLDERS: readonly DefaultFolder[] = [
  { role: 'inbox', itemClass: 'mail', name: 'Inbox', components: [] },
  { role: 'drafts', itemClass: 'mail', name: 'Drafts', components: [] },
  { role: 'sent', itemClass: 'mail', name: 'Sent Items', components: [] },
  { role: 'deleted', itemClass: 'mail', name: 'Deleted Items', components: [] },
  { role: 'outbox', itemClass: 'mail', name: 'Outbox', components: [] },
  { role: 'junk', itemClass: 'mail', name: 'Junk E-mail', components: [] },
  { role: 'calendar', itemClass: 'calendar', name: 'Calendar', components: ['VEVENT', 'VTODO'] },
  { role: 'contacts', itemClass: 'contacts', name: 'Contacts', components: [] },
  { role: 'tasks', itemClass: 'tasks', name: 'Tasks', components: ['VTODO'] },
  { role: 'notes', itemClass: 'notes', name: 'Notes', components: ['VJOURNAL'] },
];

/** The names that every mailbox has. */
export const DEFAULT_FOLDER_NAMES: readonly string[] = DEFAULT_FOLDERS.map(({ name }) => name);

/** Creates a mailbox that has every default folder; where that fails, e.g. for want of space, there is none. */
export async function createMailboxWithDefaults(services: ItemServices): Promise<MailboxId> {
  const mailboxId = await services.store.createMailbox();
  try {
    await services.store.write(mailboxId, { kind: 'server', by: null }, async (tx) => {
      for (const folder of DEFAULT_FOLDERS) await tx.createFolder(newFolder(folder));
    });
  } catch (error) {
    await services.store.removeMailbox(mailboxId);
    throw error;
  }
  return mailboxId;
}

function newFolder({ role, itemClass, name, components }: DefaultFolder): NewFolder {
  return { parentId: null, itemClass, role, name, displayName: null, components, properties: {} };
}
