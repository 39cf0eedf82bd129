import type { DavContext } from '../webdav/context.ts';
import { listMembers } from '../webdav/list-members.ts';
import type { CollectionGetter } from '../webdav/registry.ts';
import type { CollectionResource } from '../webdav/resource.ts';
import { isAddressBook } from './resources.ts';

const LINE_END = Buffer.from('\r\n');

/** GET on an address book: all cards one after another, as vCard files hold several (RFC 6350 §3.3). */
export const ADDRESS_BOOK_BODY: CollectionGetter = {
  appliesTo: isAddressBook,
  open: async (context, collection) => ({
    contentType: 'text/vcard; charset=utf-8',
    content: () => cards(context, collection),
  }),
};

async function* cards(context: DavContext, collection: CollectionResource): AsyncGenerator<Uint8Array> {
  for await (const page of listMembers(context, collection, { withContent: true })) {
    const parts: Uint8Array[] = [];
    for (const { content } of page) {
      if (content === undefined) continue;
      parts.push(content);
      if (content.at(-1) !== 0x0a) parts.push(LINE_END);
    }
    // One chunk for many cards: each chunk is a write to the connection.
    yield Buffer.concat(parts);
  }
}
