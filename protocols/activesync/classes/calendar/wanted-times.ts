import { blobToZone } from '../../../../src/domain/calendar/blob-to-zone.ts';
import { DAY_SECONDS, timeOfDay, yearOf } from '../../../../src/domain/calendar/civil.ts';
import { UTC } from '../../../../src/domain/calendar/iana-zone.ts';
import { toLocal, type Zone } from '../../../../src/domain/calendar/zone.ts';
import { type BlobRules, decodeBlob } from '../../../../src/domain/calendar/zone-blob.ts';
import { isGhosted } from '../binding.ts';
import { ClassDataError } from '../class-error.ts';
import { readDate } from '../dates.ts';
import { type ApplicationData, textOf } from '../field.ts';
import type { MergeOptions } from '../options.ts';
import { readBoolean } from '../read-values.ts';
import { type EventTimes, type EventView, instantsOf } from './event-view.ts';
import { timeFields } from './time-fields.ts';

export interface WantedTimes {
  readonly times: EventTimes;
  /** Zone the client's times are meant in. */
  readonly zone: Zone;
  /** False when it is the event's own zone, however the client spelled it. */
  readonly isOtherZone: boolean;
}

const HALF_HOUR = 1_800;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** When the event shall be, from what a client sent; what it left out stays. @throws ClassDataError */
export function wantedTimes(view: EventView | null, fields: ApplicationData, options: MergeOptions): WantedTimes {
  const given = (name: string): number | null => {
    const text = textOf(fields, name)?.trim() ?? null;
    if (text === '' && view === null) throw new ClassDataError(name, 'a time of a new event is empty');
    return text === null || text === '' ? null : readDate(text, name);
  };
  const old = view === null ? null : instantsOf(view.times, view.zone);
  const isAllDay = wantsAllDay(view, fields, options);
  const [startGiven, endGiven] = [given('Calendar:StartTime'), given('Calendar:EndTime')];
  const { start, end } =
    old === null
      ? newTimes(startGiven, endGiven, isAllDay, options)
      : changedTimes(startGiven ?? old.start, endGiven, old);
  const { zone, isOtherZone } = wantedZone(view, fields, options, yearOf(start));
  if (!isAllDay) return { times: { isAllDay, start, end: Math.max(start, end) }, zone, isOtherZone };
  const first = midnightOf(start, [zone, view?.zone ?? zone, options.zone, UTC]);
  const last = midnightOf(end, [zone, view?.zone ?? zone, options.zone, UTC]);
  return { times: { isAllDay, start: first, end: Math.max(last, first + DAY_SECONDS) }, zone, isOtherZone };
}

function changedTimes(start: number, end: number | null, old: Span): Span {
  return { start, end: end ?? start + (old.end - old.start) };
}

/**
 * What a new event leaves out is now, rounded to the half hour (MS-ASCAL §3.2.4.4): it begins now, it ends half an hour
 * from now. What would end before it begins is refused, unless the client is one that sends no end. A day as a whole needs no end.
 */
function newTimes(
  start: number | null,
  end: number | null,
  isAllDay: boolean,
  { now, leavesOutEnd }: Pick<MergeOptions, 'now' | 'leavesOutEnd'>,
): Span {
  const rounded = Math.round(now / HALF_HOUR) * HALF_HOUR;
  if (start !== null && end !== null) return { start, end };
  if (end !== null) {
    if (end < rounded) throw new ClassDataError('Calendar:StartTime', 'an event that is over needs a start');
    return { start: rounded, end };
  }
  if (start === null) return { start: rounded, end: rounded + (isAllDay ? DAY_SECONDS : HALF_HOUR) };
  if (isAllDay) return { start, end: start + DAY_SECONDS };
  if (start > rounded && leavesOutEnd === true) return { start, end: start + HALF_HOUR };
  if (start > rounded) throw new ClassDataError('Calendar:EndTime', 'an event to come needs an end');
  return { start, end: rounded + HALF_HOUR };
}

function wantsAllDay(view: EventView | null, fields: ApplicationData, options: MergeOptions): boolean {
  const given = readBoolean(fields, 'Calendar:AllDayEvent');
  if (given !== null) return given;
  const stays = isGhosted('Calendar:AllDayEvent', options) || textOf(fields, 'Calendar:StartTime') === null;
  return stays && view?.times.isAllDay === true;
}

/**
 * Local midnight of an all-day border. Phones mean midnight of the blob's zone, of their own or of UTC; what is midnight
 * nowhere is the nearest one of the blob's zone.
 */
function midnightOf(utcSeconds: number, zones: readonly Zone[]): number {
  const local = zones.map((zone) => toLocal(zone, utcSeconds)).find((time) => timeOfDay(time) === 0);
  return local ?? Math.round(toLocal(zones[0]!, utcSeconds) / DAY_SECONDS) * DAY_SECONDS;
}

function wantedZone(
  view: EventView | null,
  fields: ApplicationData,
  options: MergeOptions,
  year: number,
): Pick<WantedTimes, 'zone' | 'isOtherZone'> {
  const own = { zone: view?.zone ?? options.zone, isOtherZone: view === null };
  const blob = textOf(fields, 'Calendar:Timezone')?.trim() ?? '';
  if (blob === '') return own;
  const rules = decodeBlob(blob);
  if (rules === null) throw new ClassDataError('Calendar:Timezone', 'not a time zone');
  const shownBlob = view === null ? null : textOf(timeFields(view), 'Calendar:Timezone');
  if (shownBlob !== null && sameRules(rules, decodeBlob(shownBlob))) return own;
  const preferred = [view?.zone.id, options.zone.id, 'UTC'].filter((id) => id !== undefined);
  const zone = blobToZone(blob, { year, preferred })!;
  return { zone, isOtherZone: view === null || zone.id !== view.zone.id };
}

/** Whether two blobs mean the same times: names are only hints, and clients write their own. */
function sameRules(a: BlobRules, b: BlobRules | null): boolean {
  if (b === null) return false;
  const key = ({ standardName: _, daylightName: __, ...rules }: BlobRules): string => JSON.stringify(rules);
  return key(a) === key(b);
}
