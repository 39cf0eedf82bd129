import { isGatewayError } from '../../../src/domain/errors.ts';
import { ContentSyntaxError } from '../../../src/formats/content-line/syntax-error.ts';
import { parseCalendar } from '../../../src/formats/icalendar/calendar.ts';
import { readWhole } from '../../../src/items/whole-content.ts';
import { compileReport } from '../../webdav/compile.ts';
import type { DavContext } from '../../webdav/context.ts';
import { DavError } from '../../webdav/dav-error.ts';
import { listMembers } from '../../webdav/list-members.ts';
import type { ReportDefinition } from '../../webdav/registry.ts';
import { countOdd } from '../../webdav/reports/odd-objects.ts';
import { answerQuery } from '../../webdav/reports/query-answer.ts';
import { collectionsInScope } from '../../webdav/reports/scope.ts';
import type { ItemResource, Resource } from '../../webdav/resource.ts';
import { CALDAV, type XmlElement } from '../../webdav/xml/element.ts';
import { childNamed } from '../../webdav/xml/query.ts';
import type { CompFilter } from '../filter/calendar-filter.ts';
import { calendarMatches } from '../filter/match-calendar.ts';
import { timesOf } from '../filter/object-times.ts';
import { planQuery } from '../filter/plan-query.ts';
import { readCalendarFilter } from '../filter/read-calendar-filter.ts';
import { floatingZoneOf, takeRequestedZone } from '../floating-zone.ts';
import { isInCalendars } from '../kinds.ts';

/** RFC 4791 §7.8. */
export const CALENDAR_QUERY: ReportDefinition = {
  ns: CALDAV,
  name: 'calendar-query',
  appliesTo: isInCalendars,
  run: runQuery,
};

async function runQuery(context: DavContext, resource: Resource, body: XmlElement): Promise<void> {
  const filterElement = childNamed(body, 'filter', CALDAV);
  if (filterElement === null) throw new DavError(400, 'calendar-query needs a filter.');
  const filter = readCalendarFilter(filterElement);
  takeRequestedZone(context, body);
  const compiled = await compileReport(context, body);
  const pages = matches(context, resource, filter, compiled.needsContent);
  await answerQuery(context, resource, compiled, pages, context.services.limits.maxResults);
}

async function* matches(
  context: DavContext,
  resource: Resource,
  filter: CompFilter,
  needsContent: boolean,
): AsyncGenerator<readonly ItemResource[]> {
  if (resource.kind === 'item') {
    const member = await examine(context, filter, resource);
    if (member !== null) yield [member];
    return;
  }
  const { listing, parsesAll, isCertain } = planQuery(filter);
  const query = { ...listing, withContent: needsContent || parsesAll };
  for (const collection of await collectionsInScope(context, resource)) {
    for await (const page of listMembers(context, collection, query)) {
      const found: ItemResource[] = [];
      for (const member of page) {
        if (context.turns.isOver) await context.turns.give();
        const match = isCertain(member.item) ? member : await examine(context, filter, member);
        if (match !== null) found.push(match);
      }
      yield found;
    }
  }
}

/** The member with its content when it matches, else null. */
async function examine(context: DavContext, filter: CompFilter, member: ItemResource): Promise<ItemResource | null> {
  const content = member.content ?? (await readIfThere(context, member));
  return content !== null && isMatch(context, filter, member, content) ? { ...member, content } : null;
}

/** Null when it was removed since it was listed. */
async function readIfThere(context: DavContext, { item }: ItemResource): Promise<Uint8Array | null> {
  try {
    return await readWhole(context.reader, item);
  } catch (error) {
    if (isGatewayError(error, 'item-not-found')) return null;
    throw error;
  }
}

function isMatch(context: DavContext, filter: CompFilter, { folder }: ItemResource, content: Uint8Array): boolean {
  try {
    const calendar = parseCalendar(content);
    return calendarMatches(filter, calendar, timesOf(calendar, floatingZoneOf(context, folder)));
  } catch (error) {
    if (!(error instanceof ContentSyntaxError) && !isGatewayError(error, 'too-many-results')) throw error;
    // What cannot be read, or a series too long to be walked: one odd object must not hide the others, and an object
    // that is given in doubt is better than one that no query ever finds.
    countOdd(context);
    return true;
  }
}
