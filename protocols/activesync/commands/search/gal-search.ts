import { type Listed, searchAddressList } from '../../../../src/items/people/address-list.ts';
import { isAtLeast } from '../../classes/version.ts';
import type { EasContext } from '../../command.ts';
import { el, isElement, type WbxElement } from '../../wbxml/element.ts';
import { child, childNumber, textOf } from '../../wbxml/read-element.ts';
import { readRange } from './range.ts';
import { answeredStore, refusedStore, STORE_STATUS } from './store-answer.ts';

/** Entries of one answer; also what a client gets that names no range. */
const MOST_RESULTS = 100;
/** MS-ASCMD §2.2.3.142: longer names are of nobody. */
const LONGEST_QUERY = 256;
/** MS-ASCMD §2.2.3.177.13: the entry has no picture. */
const NO_PICTURE = 173;

/** Searches the address list: the users of the person's own domain. Their pictures are not kept anywhere. */
export async function searchGal(
  { environment, principal, version }: Pick<EasContext, 'environment' | 'principal' | 'version'>,
  store: WbxElement,
): Promise<WbxElement> {
  const text = queryText(store);
  const range = readRange(store, MOST_RESULTS);
  if (text === null || range === null) return refusedStore(STORE_STATUS.invalid);
  const wantsPictures = isAtLeast(version, '14.1') && readPictureWish(store);
  const found = await searchAddressList(environment.directory, principal, text);
  if (range.first > 0 && range.first >= found.length) return refusedStore(STORE_STATUS.beyondResults);
  const results = found.slice(range.first, range.last + 1).map((entry) => resultOf(entry, wantsPictures));
  return answeredStore(results, range.first, found.length);
}

/** What was typed; null for nothing, too much, or a query in the form of other stores. */
function queryText(store: WbxElement): string | null {
  const query = child(store, 'Search:Query');
  if (query === null || query.children.some(isElement)) return null;
  const text = textOf(query).trim();
  return text === '' || text.length > LONGEST_QUERY ? null : text;
}

/**
 * Whether pictures are asked for. iOS sends the element without content.
 * @throws WbxValueError for limits that are no numbers
 */
function readPictureWish(store: WbxElement): boolean {
  const options = child(store, 'Search:Options');
  const picture = options === null ? null : child(options, 'Search:Picture');
  if (picture === null) return false;
  childNumber(picture, 'Search:MaxSize', { min: 0 });
  childNumber(picture, 'Search:MaxPictures', { min: 0 });
  return true;
}

function resultOf(entry: Listed, wantsPicture: boolean): WbxElement {
  return el(
    'Search:Result',
    el(
      'Search:Properties',
      el('GAL:DisplayName', entry.displayName),
      el('GAL:Alias', entry.localPart),
      // Nokia's client stops at an entry without first name.
      el('GAL:FirstName', entry.firstName),
      el('GAL:LastName', entry.lastName),
      el('GAL:EmailAddress', entry.address),
      wantsPicture ? el('GAL:Picture', el('GAL:Status', NO_PICTURE)) : null,
    ),
  );
}
