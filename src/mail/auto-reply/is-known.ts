import { ContentSyntaxError } from '../../formats/content-line/syntax-error.ts';
import { parseCards } from '../../formats/vcard/card.ts';
import { cardEmails } from '../../formats/vcard/card-views.ts';
import type { MailboxReader } from '../../store/mailbox-store.ts';
import { addressKey } from '../mail-address.ts';

const PAGE = 200;

/** Whether a contact of the mailbox has this address. Looks through all of them, page by page. */
export async function isKnown(reader: MailboxReader, address: string): Promise<boolean> {
  const wanted = addressKey(address);
  for (const folder of await reader.folders()) {
    if (folder.itemClass !== 'contacts') continue;
    let after: number | null = 0;
    while (after !== null) {
      const page = await reader.list(folder.id, { limit: PAGE, withContent: true, after });
      if (page.items.some(({ content }) => content !== undefined && hasAddress(content, wanted))) return true;
      after = page.next;
    }
  }
  return false;
}

function hasAddress(content: Uint8Array, wanted: string): boolean {
  try {
    return parseCards(content).some((card) =>
      cardEmails(card).some(({ value }) => addressKey(value.trim()) === wanted),
    );
  } catch (error) {
    // Whatever it is that was stored, it names nobody.
    if (error instanceof ContentSyntaxError) return false;
    throw error;
  }
}
