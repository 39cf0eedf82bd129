import type { Component } from '../../formats/content-line/content-line.ts';
import { componentsOf, parameterOf, propertyOf } from '../../formats/content-line/lookup.ts';
import { GatewayError } from '../errors.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { overlaps, type TimeRange } from './occurrences.ts';
import { componentsIn, readSeries } from './series.ts';
import { freeBusyPeriods } from './time-range.ts';
import { walkSeries } from './walk-series.ts';
import type { Zone } from './zone.ts';

export type BusyType = 'BUSY' | 'BUSY-TENTATIVE' | 'BUSY-UNAVAILABLE';

/** UTC seconds, end exclusive. */
export interface BusyPeriod {
  readonly start: number;
  readonly end: number;
  readonly type: BusyType;
}

/** What is more certain hides what is less. */
const RANK: Readonly<Record<BusyType, number>> = { 'BUSY-TENTATIVE': 1, BUSY: 2, 'BUSY-UNAVAILABLE': 3 };

/**
 * The times an object keeps a person busy within a range, cut to it, RFC 4791 §7.10: events that are neither transparent
 * nor cancelled, tentative ones as such, and the periods of VFREEBUSY. Unsorted where an object has several components;
 * see `mergePeriods`.
 * @throws GatewayError too-many-results; ContentSyntaxError for values that cannot be read
 */
export function busyPeriods(
  calendar: Component,
  range: TimeRange,
  floatingZone: Zone,
  maxOccurrences = DEFAULT_LIMITS.maxOccurrences,
): BusyPeriod[] {
  const periods: BusyPeriod[] = [];
  for (const series of readSeries(calendar)) {
    if (series.kind !== 'VEVENT') continue;
    const types = new Map(componentsIn(series).map((component) => [component, busyTypeOf(component)]));
    for (const occurrence of walkSeries(series, range, floatingZone)) {
      const type = types.get(occurrence.component) ?? null;
      if (type === null || !overlaps(occurrence, range)) continue;
      periods.push({ start: occurrence.start, end: occurrence.end, type });
      if (periods.length > maxOccurrences) throw new GatewayError('too-many-results', { limit: maxOccurrences });
    }
  }
  for (const component of componentsOf(calendar, 'VFREEBUSY')) {
    for (const { start, end, line } of freeBusyPeriods(component, calendar, floatingZone)) {
      const type = typeOfFreeBusy(parameterOf(line, 'FBTYPE'));
      if (type !== null && overlaps({ start, end }, range)) periods.push({ start, end, type });
    }
  }
  return periods
    .map(({ start, end, type }) => ({ start: Math.max(start, range.start), end: Math.min(end, range.end), type }))
    .filter(({ start, end }) => end > start);
}

/**
 * Periods in order, none overlapping: equal types that touch become one, and where types differ the more certain one
 * stays (unavailable over busy over tentative).
 */
export function mergePeriods(periods: readonly BusyPeriod[]): BusyPeriod[] {
  const events = periods.flatMap(({ start, end, type }) => [
    { at: start, type, step: 1 },
    { at: end, type, step: -1 },
  ]);
  events.sort((a, b) => a.at - b.at);
  const open: Record<BusyType, number> = { BUSY: 0, 'BUSY-TENTATIVE': 0, 'BUSY-UNAVAILABLE': 0 };
  const merged: BusyPeriod[] = [];
  let from = Number.NEGATIVE_INFINITY;
  for (const { at, type, step } of events) {
    const strongest = strongestOf(open);
    if (strongest !== null && at > from) append(merged, { start: from, end: at, type: strongest });
    open[type] += step;
    from = at;
  }
  return merged;
}

function strongestOf(open: Readonly<Record<BusyType, number>>): BusyType | null {
  let strongest: BusyType | null = null;
  for (const type of Object.keys(RANK) as BusyType[]) {
    if (open[type] > 0 && (strongest === null || RANK[type] > RANK[strongest])) strongest = type;
  }
  return strongest;
}

function append(merged: BusyPeriod[], period: BusyPeriod): void {
  const last = merged.at(-1);
  if (last !== undefined && last.end === period.start && last.type === period.type) {
    merged[merged.length - 1] = { ...last, end: period.end };
  } else merged.push(period);
}

function busyTypeOf(event: Component): BusyType | null {
  const status = propertyOf(event, 'STATUS')?.value.trim().toUpperCase();
  if (propertyOf(event, 'TRANSP')?.value.trim().toUpperCase() === 'TRANSPARENT' || status === 'CANCELLED') return null;
  return status === 'TENTATIVE' ? 'BUSY-TENTATIVE' : 'BUSY';
}

/** RFC 5545 §3.2.9: absent or unknown means BUSY. */
function typeOfFreeBusy(value: string | null): BusyType | null {
  const type = value?.toUpperCase() ?? 'BUSY';
  if (type === 'FREE') return null;
  return type === 'BUSY-TENTATIVE' || type === 'BUSY-UNAVAILABLE' ? type : 'BUSY';
}
