import type { TimeRange } from '../../../src/domain/calendar/occurrences.ts';
import { alarmTest, type RangedComponent, rangeTest } from '../../../src/domain/calendar/time-range.ts';
import type { Zone } from '../../../src/domain/calendar/zone.ts';
import type { Component } from '../../../src/formats/content-line/content-line.ts';
import { componentsOf } from '../../../src/formats/content-line/lookup.ts';

/** Whether any component of this name fits the range; alarms are those of events and tasks. */
export function matchesTimeRange(
  calendar: Component,
  name: RangedComponent,
  range: TimeRange,
  floatingZone: Zone,
): boolean {
  if (name !== 'VALARM') return componentsOf(calendar, name).some(rangeTest(calendar, name, range, floatingZone));
  const alarms = ['VEVENT', 'VTODO']
    .flatMap((parent) => componentsOf(calendar, parent))
    .flatMap((parent) => componentsOf(parent, name));
  return alarms.some(alarmTest(calendar, range, floatingZone));
}
