import { yearOf } from '../../../../src/domain/calendar/civil.ts';
import { zoneToBlob } from '../../../../src/domain/calendar/zone-to-blob.ts';
import { parameterOf, propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { compactDate, isWritableDate } from '../dates.ts';
import { type Field, field } from '../field.ts';
import { type EventView, instantsOf, seriesStart } from './event-view.ts';
import { shownPattern } from './shown-pattern.ts';

/** Timezone, AllDayEvent, StartTime and EndTime. */
export function timeFields(view: EventView): Field[] {
  const { start, end } = instantsOf(view.times, view.zone);
  if (!isWritableDate(start) || !isWritableDate(end)) return [];
  return [
    field('Calendar:Timezone', zoneToBlob(view.zone, blobYear(view))),
    field('Calendar:AllDayEvent', view.times.isAllDay ? '1' : '0'),
    field('Calendar:StartTime', compactDate(start)),
    field('Calendar:EndTime', compactDate(end)),
  ];
}

/**
 * A blob holds the rules of one year. A single event has the year it is in; a series that of its last change, which is
 * nearer to the occurrences that people still look at than its start, and the same in every rendering.
 */
export function blobYear(view: EventView): number {
  const start = seriesStart(view).local;
  const pattern = shownPattern(view);
  if (pattern === null) return yearOf(start);
  const last = pattern.until === null ? 9999 : yearOf(pattern.until);
  return Math.max(yearOf(start), Math.min(last, changeYear(view)));
}

function changeYear({ event }: EventView): number {
  const years = ['LAST-MODIFIED', 'DTSTAMP'].map((name) => {
    const line = propertyOf(event, name);
    return line === null || parameterOf(line, 'VALUE') !== null
      ? 0
      : Number(/^\d{4}/.exec(line.value.trim())?.[0] ?? 0);
  });
  return Math.min(2100, Math.max(...years));
}
