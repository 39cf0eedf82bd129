import type { Component } from '../../formats/content-line/content-line.ts';
import { GatewayError } from '../errors.ts';
import type { Moment } from './moment.ts';
import { readSeries } from './series.ts';
import { walkSeries } from './walk-series.ts';
import type { Zone } from './zone.ts';

/** UTC seconds, end exclusive; infinite or far-away values mean open. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

export interface Occurrence {
  /** Which occurrence of the series it is: its original start. Null for a component that does not recur. */
  readonly recurrenceId: Moment | null;
  /** The start with its zone; `start` is its UTC second. */
  readonly startMoment: Moment;
  /** UTC seconds; floating times and dates in the floating zone. */
  readonly start: number;
  readonly end: number;
  readonly allDay: boolean;
  /** True when its TZID is known to nobody, so that it was read as floating. */
  readonly hasUnknownZone: boolean;
  /** The master, or the override that replaces this occurrence. */
  readonly component: Component;
}

export interface OccurrenceOptions {
  /** Zone in which dates and floating times are read. */
  readonly floatingZone: Zone;
  readonly maxOccurrences: number;
}

/**
 * Occurrences of events, tasks and journals that overlap a range, by start. Tasks without any date have none.
 * @throws GatewayError too-many-results; ContentSyntaxError for values that cannot be read
 */
export function occurrencesOf(calendar: Component, range: TimeRange, options: OccurrenceOptions): Occurrence[] {
  const found: Occurrence[] = [];
  for (const series of readSeries(calendar)) {
    if (series.kind === 'VFREEBUSY') continue;
    for (const occurrence of walkSeries(series, range, options.floatingZone)) {
      if (!overlaps(occurrence, range)) continue;
      found.push(occurrence);
      if (found.length > options.maxOccurrences) {
        throw new GatewayError('too-many-results', { limit: options.maxOccurrences });
      }
    }
  }
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** RFC 4791 §9.9 for events: the end is outside, but something without length is seen at its very start. */
export function overlaps(item: { readonly start: number; readonly end: number }, range: TimeRange): boolean {
  if (item.start >= range.end) return false;
  return item.end > item.start ? item.end > range.start : item.start >= range.start;
}
