import { type BusyPeriod, busyPeriods, mergePeriods } from '../../../src/domain/calendar/busy-periods.ts';
import type { TimeRange } from '../../../src/domain/calendar/occurrences.ts';
import type { Zone } from '../../../src/domain/calendar/zone.ts';
import { GatewayError, isGatewayError } from '../../../src/domain/errors.ts';
import type { ContentLine } from '../../../src/formats/content-line/content-line.ts';
import { makeComponent } from '../../../src/formats/content-line/edit.ts';
import { makeLine } from '../../../src/formats/content-line/line.ts';
import { makeCalendar, parseCalendar, serializeCalendar } from '../../../src/formats/icalendar/calendar.ts';
import { formatUtc } from '../../../src/formats/icalendar/date-time.ts';
import { requireRight } from '../../../src/items/require-right.ts';
import type { DavContext } from '../../webdav/context.ts';
import { DavError } from '../../webdav/dav-error.ts';
import { listMembers } from '../../webdav/list-members.ts';
import type { ReportDefinition } from '../../webdav/registry.ts';
import { readOr } from '../../webdav/reports/odd-objects.ts';
import { collectionsInScope } from '../../webdav/reports/scope.ts';
import type { CollectionResource, Resource } from '../../webdav/resource.ts';
import { CALDAV, type XmlElement } from '../../webdav/xml/element.ts';
import { childNamed } from '../../webdav/xml/query.ts';
import { readClosedTimeRange } from '../filter/read-time-range.ts';
import { floatingZoneOf } from '../floating-zone.ts';
import { isCalendar, isCalendarHome } from '../kinds.ts';

/** RFC 4791 §7.10: what keeps the owner busy, and nothing of why. Answered with iCalendar, not with a multistatus. */
export const FREE_BUSY_QUERY: ReportDefinition = {
  ns: CALDAV,
  name: 'free-busy-query',
  appliesTo: (resource) => isCalendar(resource) || isCalendarHome(resource),
  run: runFreeBusyQuery,
};

async function runFreeBusyQuery(context: DavContext, resource: Resource, body: XmlElement): Promise<void> {
  const element = childNamed(body, 'time-range', CALDAV);
  if (element === null) throw new DavError(400, 'free-busy-query needs a time-range.');
  const range = readRange(element);
  const periods: BusyPeriod[] = [];
  const limit = context.services.limits.maxResults;
  for (const collection of await collectionsInScope(context, resource)) {
    for await (const found of busyInCalendar(context, collection, range)) {
      periods.push(...found);
      if (periods.length > limit) throw new GatewayError('too-many-results', { limit });
    }
  }
  context.koa.status = 200;
  context.koa.set('Content-Type', 'text/calendar; charset=utf-8');
  context.koa.body = Buffer.from(writeFreeBusy(context, range, mergePeriods(periods)));
}

/** This report has no filter, so there is no valid-filter to name (RFC 4791 §7.10). @throws DavError 400 */
function readRange(element: XmlElement): TimeRange {
  try {
    return readClosedTimeRange(element);
  } catch (error) {
    if (!isGatewayError(error, 'filter-unsupported')) throw error;
    throw new DavError(400, `The time-range cannot be read: ${error.facts.reason}.`);
  }
}

async function* busyInCalendar(
  context: DavContext,
  collection: CollectionResource,
  range: TimeRange,
): AsyncGenerator<readonly BusyPeriod[]> {
  requireRight(context.principal, collection.folder, 'free-busy');
  const zone = floatingZoneOf(context, collection.folder);
  for (const kind of ['VEVENT', 'VFREEBUSY'] as const) {
    if (!collection.folder.components.includes(kind)) continue;
    for await (const page of listMembers(context, collection, { kind, range, withContent: true })) {
      for (const { content } of page) {
        if (content !== undefined) yield busyIn(context, content, range, zone);
        if (context.turns.isOver) await context.turns.give();
      }
    }
  }
}

function busyIn(context: DavContext, content: Uint8Array, range: TimeRange, zone: Zone): readonly BusyPeriod[] {
  return readOr(
    context,
    () => busyPeriods(parseCalendar(content), range, zone),
    () => [],
  );
}

/** One VFREEBUSY with a FREEBUSY line for each type that occurs (RFC 5545 §3.6.4). */
function writeFreeBusy(context: DavContext, range: TimeRange, periods: readonly BusyPeriod[]): Uint8Array {
  const { clock, random } = context.services;
  const types = Map.groupBy(periods, ({ type }) => type);
  const lines: ContentLine[] = [
    makeLine({ name: 'UID', value: Buffer.from(random(16)).toString('hex') }),
    makeLine({ name: 'DTSTAMP', value: formatUtc(Math.floor(clock.now() / 1000)) }),
    makeLine({ name: 'DTSTART', value: formatUtc(range.start) }),
    makeLine({ name: 'DTEND', value: formatUtc(range.end) }),
  ];
  for (const [type, ofType] of types) {
    const value = ofType.map(({ start, end }) => `${formatUtc(start)}/${formatUtc(end)}`).join(',');
    lines.push(makeLine({ name: 'FREEBUSY', parameters: [{ name: 'FBTYPE', values: [type] }], value }));
  }
  return serializeCalendar(makeCalendar([makeComponent('VFREEBUSY', lines)]));
}
