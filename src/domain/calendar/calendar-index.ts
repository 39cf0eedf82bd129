import type { Component } from '../../formats/content-line/content-line.ts';
import { componentsOf, propertyOf } from '../../formats/content-line/lookup.ts';
import { uidOf } from '../../formats/icalendar/split-by-uid.ts';
import { GatewayError } from '../errors.ts';
import { BEGINNINGLESS, ENDLESS, type ItemIndex } from '../item.ts';
import type { CalendarKind } from '../item-class.ts';
import { UTC } from './iana-zone.ts';
import { momentOfLine, utcOf } from './moment.ts';
import { readSeries, type Series } from './series.ts';
import { seriesExtent } from './series-extent.ts';
import { freeBusyPeriods } from './time-range.ts';
import { FLOATING_MARGIN } from './zone.ts';

interface Extent {
  readonly start: number;
  readonly end: number;
}

const ALWAYS: Extent = { start: BEGINNINGLESS, end: ENDLESS };

/**
 * What the store keeps of a calendar object to find it by time: a superset of every exact match of `rangeTest`
 * (alarms excepted, which may go off at any time), read without expanding endless series.
 * @throws ContentSyntaxError for values that cannot be read; GatewayError object-invalid for an object about nothing
 */
export function indexCalendarObject(calendar: Component): ItemIndex {
  const all = readSeries(calendar);
  const kind = all[0]?.kind as CalendarKind | undefined;
  if (kind === undefined) throw new GatewayError('object-invalid', { reason: 'no event, task, journal or free-busy' });
  const extent = union(all.map((series) => extentOf(series, calendar)));
  return {
    kind,
    uid: componentsOf(calendar, kind).map(uidOf)[0] ?? null,
    rangeStart: Math.max(extent.start, BEGINNINGLESS),
    rangeEnd: Math.min(extent.end, ENDLESS),
    filterKey: filterKeyOf(all, extent),
  };
}

function filterKeyOf(all: readonly Series[], extent: Extent): number {
  switch (all[0]?.kind) {
    case 'VEVENT':
      return Math.min(extent.end, ENDLESS);
    case 'VTODO':
      return all.every(isDone) ? BEGINNINGLESS : ENDLESS;
    default:
      return 0;
  }
}

/** A task is done when all its components say so; STATUS has the word, COMPLETED speaks where there is none. */
function isDone(series: Series): boolean {
  const components = [series.master, ...series.overrides.map((override) => override.component)];
  return components.every((task) => {
    if (task === null) return true;
    const status = propertyOf(task, 'STATUS')?.value.trim().toUpperCase();
    return status === undefined ? propertyOf(task, 'COMPLETED') !== null : status === 'COMPLETED';
  });
}

function extentOf(series: Series, calendar: Component): Extent {
  if (series.kind === 'VFREEBUSY') return freeBusyExtent(calendar);
  if (series.kind === 'VTODO' && series.master !== null && series.timing === null) {
    const dated = seriesExtent(series);
    return union([undatedTaskExtent(series.master, calendar), ...(dated === null ? [] : [dated])]);
  }
  // Without any time nothing is asked for by time: such an object is always a candidate.
  return seriesExtent(series) ?? ALWAYS;
}

/** RFC 4791 §9.9, VTODO with neither DTSTART nor DUE. */
function undatedTaskExtent(task: Component, calendar: Component): Extent {
  const created = timeOf(task, 'CREATED', calendar);
  const completed = timeOf(task, 'COMPLETED', calendar);
  if (completed !== null) return union([completed, ...(created === null ? [] : [created])]);
  return created === null ? ALWAYS : { start: created.start, end: ENDLESS };
}

function freeBusyExtent(calendar: Component): Extent {
  const extents = componentsOf(calendar, 'VFREEBUSY').flatMap((component) => [
    ...['DTSTART', 'DTEND'].map((name) => timeOf(component, name, calendar)).filter((extent) => extent !== null),
    ...freeBusyPeriods(component, calendar, UTC).map((period) => ({
      start: period.start - FLOATING_MARGIN,
      end: period.end + FLOATING_MARGIN,
    })),
  ]);
  return extents.length === 0 ? ALWAYS : union(extents);
}

function timeOf(component: Component, name: string, calendar: Component): Extent | null {
  const line = propertyOf(component, name);
  if (line === null) return null;
  const moment = momentOfLine(line, calendar);
  const utc = utcOf(moment, UTC);
  const margin = moment.zone === null ? FLOATING_MARGIN : 0;
  return { start: utc - margin, end: utc + margin };
}

function union(extents: readonly Extent[]): Extent {
  let [start, end] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const extent of extents) {
    start = Math.min(start, extent.start);
    end = Math.max(end, extent.end);
  }
  return { start, end };
}
