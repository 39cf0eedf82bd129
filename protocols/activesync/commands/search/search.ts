import type { EasCommand, EasContext } from '../../command.ts';
import { EasStatusError } from '../../status.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import { requiredChild, textOf } from '../../wbxml/read-element.ts';
import { orUnavailable } from '../or-unavailable.ts';
import { searchGal } from './gal-search.ts';
import { searchMailbox } from './mailbox-search.ts';
import { refusedStore, STORE_STATUS } from './store-answer.ts';

/** Searches one store and answers with the Store element of the response; a refusal of the store is a status in it. */
type StoreSearch = (context: EasContext, store: WbxElement) => Promise<WbxElement>;

const STORES: ReadonlyMap<string, StoreSearch> = new Map<string, StoreSearch>([
  ['gal', searchGal],
  ['mailbox', searchMailbox],
  // Files on other servers are not reached through this one, which is what the status says.
  ['documentlibrary', async () => refusedStore(STORE_STATUS.blocked)],
]);

/** MS-ASCMD §2.2.3.177.13: of the whole command. */
const DONE = 1;
const SERVER_ERROR = 3;

/** Search (MS-ASCMD §2.2.1.16): one store a request. */
export const SEARCH: EasCommand = {
  name: 'Search',
  protocolError: null,
  takes: {},
  async handle(context, body) {
    if (body.kind !== 'document') throw new EasStatusError(103, 'Search needs a document');
    const store = requiredChild(body.root, 'Search:Store');
    const name = textOf(requiredChild(store, 'Search:Name')).trim();
    context.logFields.store = name.slice(0, 32);
    const search = STORES.get(name.toLowerCase());
    return orUnavailable(context, 'Search', SERVER_ERROR, async () => {
      const answer = search === undefined ? refusedStore(STORE_STATUS.invalid) : await search(context, store);
      return el('Search:Search', el('Search:Status', DONE), el('Search:Response', answer));
    });
  },
};
