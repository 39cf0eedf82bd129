import type { Weekday } from '../../../../src/formats/icalendar/recurrence-rule.ts';

/** In the order of the mask's bits: 1 Sunday … 64 Saturday. */
export const WEEKDAYS: readonly Weekday[] = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

export const EVERY_DAY = 127;

export function maskOf(days: readonly Weekday[]): number {
  return days.reduce((mask, day) => mask | (1 << WEEKDAYS.indexOf(day)), 0);
}

/** Monday first, as rules are usually written. */
export function daysOf(mask: number): Weekday[] {
  return [1, 2, 3, 4, 5, 6, 0].filter((index) => (mask & (1 << index)) !== 0).map((index) => WEEKDAYS[index]!);
}
