import { GatewayError } from '../../../src/domain/errors.ts';
import { parseCard } from '../../../src/formats/vcard/card.ts';
import { readWhole } from '../../../src/items/whole-content.ts';
import { compileReport } from '../../webdav/compile.ts';
import type { DavContext } from '../../webdav/context.ts';
import { DavError } from '../../webdav/dav-error.ts';
import { listMembers } from '../../webdav/list-members.ts';
import type { ReportDefinition } from '../../webdav/registry.ts';
import { readOr } from '../../webdav/reports/odd-objects.ts';
import { answerQuery } from '../../webdav/reports/query-answer.ts';
import { collectionsInScope } from '../../webdav/reports/scope.ts';
import type { ItemResource, Resource } from '../../webdav/resource.ts';
import { CARDDAV, type XmlElement } from '../../webdav/xml/element.ts';
import { childNamed, textOf } from '../../webdav/xml/query.ts';
import type { AddressFilter } from '../filter/address-filter.ts';
import { cardMatches } from '../filter/match-card.ts';
import { readAddressFilter } from '../filter/read-address-filter.ts';
import { isCard, isInAddressBooks } from '../resources.ts';

/** RFC 6352 §8.6. */
export const ADDRESSBOOK_QUERY: ReportDefinition = {
  ns: CARDDAV,
  name: 'addressbook-query',
  appliesTo: isInAddressBooks,
  run: runQuery,
};

async function runQuery(context: DavContext, resource: Resource, body: XmlElement): Promise<void> {
  const filterElement = childNamed(body, 'filter', CARDDAV);
  if (filterElement === null) throw new DavError(400, 'addressbook-query needs a filter.');
  const filter = readAddressFilter(filterElement);
  const limit = readLimit(body, context.services.limits.maxResults);
  const compiled = await compileReport(context, body);
  const pages = matches(context, resource, filter, compiled.needsContent);
  await answerQuery(context, resource, compiled, pages, limit);
}

/** RFC 6352 §10.6: the client's nresults, never above what the server gives at once. */
function readLimit(body: XmlElement, most: number): number {
  const limit = childNamed(body, 'limit', CARDDAV);
  if (limit === null) return most;
  const count = childNamed(limit, 'nresults', CARDDAV);
  const text = count === null ? '' : textOf(count).trim();
  if (!/^\d{1,9}$/.test(text)) throw new DavError(400, 'limit needs nresults, a number of results.');
  return Math.min(Number(text), most);
}

async function* matches(
  context: DavContext,
  resource: Resource,
  filter: AddressFilter,
  needsContent: boolean,
): AsyncGenerator<readonly ItemResource[]> {
  const isOpen = filter.propFilters.length === 0;
  if (isCard(resource)) {
    const content = await readWhole(context.reader, resource.item);
    if (isOpen || isMatch(context, filter, content)) yield [{ ...resource, content }];
    return;
  }
  for (const collection of await collectionsInScope(context, resource)) {
    for await (const page of listMembers(context, collection, { withContent: needsContent || !isOpen })) {
      yield isOpen ? page : await matching(context, filter, page);
    }
  }
}

async function matching(
  context: DavContext,
  filter: AddressFilter,
  page: readonly ItemResource[],
): Promise<readonly ItemResource[]> {
  const found: ItemResource[] = [];
  for (const member of page) {
    if (context.turns.isOver) await context.turns.give();
    if (isMatch(context, filter, requireContent(member))) found.push(member);
  }
  return found;
}

function isMatch(context: DavContext, filter: AddressFilter, content: Uint8Array): boolean {
  return readOr(
    context,
    () => cardMatches(filter, parseCard(content)),
    () => true, // given in doubt rather than never found
  );
}

function requireContent({ content, item }: ItemResource): Uint8Array {
  if (content === undefined) throw new GatewayError('item-not-found', { item: item.name });
  return content;
}
