import type { MailboxState } from './mailbox-state.ts';

/** What is wrong in one mailbox, a sentence each. */
export function verifyState(state: MailboxState): string[] {
  const found: string[] = [];
  const { id, usedBytes, itemCount, head } = state.row;
  let bytes = 0;
  for (const { item, content } of state.items.values()) {
    bytes += item.size;
    if (content.length !== item.size) found.push(`Mailbox ${id}: item ${item.id} has ${content.length} bytes.`);
    const folder = state.folders.get(item.folderId);
    if (folder === undefined || folder.last < item.rev) found.push(`Mailbox ${id}: item ${item.id} is astray.`);
  }
  if (bytes !== usedBytes) found.push(`Mailbox ${id} counts ${usedBytes} bytes, but holds ${bytes}.`);
  if (state.items.size !== itemCount)
    found.push(`Mailbox ${id} counts ${itemCount} items, but holds ${state.items.size}.`);
  for (const row of state.presence.values()) {
    if (row.stamp > head) found.push(`Mailbox ${id}: log row ${row.stamp} is beyond the counter.`);
  }
  return found;
}
