import type { FolderId } from '../domain/folder.ts';
import type { MailboxReader } from '../store/mailbox-store.ts';

/** The wanted name where the folder has no such item, else the same with the first free number: `x-2.ics`. */
export async function freeName(reader: MailboxReader, folderId: FolderId, wanted: string): Promise<string> {
  if ((await reader.itemByName(folderId, wanted)) === null) return wanted;
  const dot = wanted.includes('.') ? wanted.lastIndexOf('.') : wanted.length;
  for (let n = 2; ; n++) {
    const name = `${wanted.slice(0, dot)}-${n}${wanted.slice(dot)}`;
    if ((await reader.itemByName(folderId, name)) === null) return name;
  }
}
