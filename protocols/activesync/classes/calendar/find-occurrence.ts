import { DAY_SECONDS, dayOf } from '../../../../src/domain/calendar/civil.ts';
import type { Moment } from '../../../../src/domain/calendar/moment.ts';
import type { Series } from '../../../../src/domain/calendar/series.ts';
import { walkSeries } from '../../../../src/domain/calendar/walk-series.ts';
import { toLocal } from '../../../../src/domain/calendar/zone.ts';
import { type EventView, seriesStart } from './event-view.ts';

/** Clients that err about a zone err by no more than this. */
const WIDEST_ERROR = 14 * 3_600;

/** Original start of the occurrence that a RECURRENCE-ID or EXDATE names, as wall-clock seconds; null where there is none. */
export function occurrenceAt(view: EventView, moment: Moment): number | null {
  const { zone, isDate } = seriesStart(view);
  const local = moment.zone === null ? moment.local : toLocal(zone, moment.zone.toUtc(moment.local));
  const found = occurrencesNear(view, zone.toUtc(local));
  const isMatch = (start: number): boolean =>
    moment.isDate || isDate ? dayOf(start) === dayOf(local) : zone.toUtc(start) === zone.toUtc(local);
  return found.find(isMatch) ?? null;
}

/**
 * Original start (wall clock) of the occurrence a client means by a UTC time: the nearest on that local day, else the
 * nearest within the error of a wrong zone. Phones send wrong values, above all where one of both is all-day.
 */
export function nearestOccurrence(view: EventView, utcSeconds: number): number | null {
  const { zone } = seriesStart(view);
  const local = toLocal(zone, utcSeconds);
  const near = occurrencesNear(view, utcSeconds).sort((a, b) => Math.abs(a - local) - Math.abs(b - local));
  const ofDay = near.find((start) => dayOf(start) === dayOf(local));
  return ofDay ?? near.find((start) => Math.abs(start - local) <= WIDEST_ERROR) ?? null;
}

/** Occurrences around a time, deleted and changed ones included, by their original start. */
function occurrencesNear(view: EventView, utcSeconds: number): number[] {
  if (view.series === null || view.series.master === null) return [];
  const { zone } = seriesStart(view);
  // Without length, so that a long event does not bring in all that are still going on.
  const bare: Series = { ...view.series, overrides: [], exceptions: [] };
  const range = { start: utcSeconds - 2 * DAY_SECONDS, end: utcSeconds + 2 * DAY_SECONDS };
  const found = new Set<number>();
  for (const occurrence of walkSeries(bare, range, zone)) {
    const isNear = occurrence.start >= range.start && occurrence.start < range.end;
    if (isNear) found.add(toLocal(zone, occurrence.start));
    if (found.size > 200) break;
  }
  return [...found];
}
