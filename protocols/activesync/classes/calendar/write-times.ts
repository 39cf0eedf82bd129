import { timeOfDay } from '../../../../src/domain/calendar/civil.ts';
import { valueOfLocal } from '../../../../src/domain/calendar/moment.ts';
import { toLocal, type Zone } from '../../../../src/domain/calendar/zone.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { type DateTimeValue, dateTimeLine } from '../../../../src/formats/icalendar/date-time.ts';
import { editProperties } from '../../../../src/formats/icalendar/edit-properties.ts';
import { writableDate } from '../dates.ts';
import type { EventTimes, TimeForm } from './event-view.ts';

/** A wall-clock time as an event of this form writes it. */
export function localValue(local: number, form: TimeForm, zone: Zone): DateTimeValue {
  // Moving a series by thousands of years would take its exceptions out of every calendar.
  writableDate(local, 'Calendar:StartTime');
  if (form.kind === 'date' || form.kind === 'floating') return valueOfLocal(local, form.kind);
  if (form.kind === 'utc') return valueOfLocal(zone.toUtc(local), 'utc');
  const { kind: _, tzid: __, ...fields } = valueOfLocal(local, 'floating');
  return { ...fields, kind: 'zoned', tzid: form.tzid! };
}

/** A UTC second as an event of this form writes it. */
function instantValue(utcSeconds: number, form: TimeForm, zone: Zone): DateTimeValue {
  const local = toLocal(zone, utcSeconds);
  // The second of two equal wall-clock readings can be told in UTC only.
  if (form.kind === 'zoned' && zone.toUtc(local) !== utcSeconds) return valueOfLocal(utcSeconds, 'utc');
  return form.kind === 'utc' ? valueOfLocal(utcSeconds, 'utc') : localValue(local, form, zone);
}

/**
 * Writes times into a component. What did not change keeps its line; a DURATION stays where the length is the same.
 * @param current Null for a new component.
 * @param isReformed The way of writing changes (another zone, all-day or not): then every line is new.
 */
export function writeTimes(
  event: Component,
  current: EventTimes | null,
  wanted: EventTimes,
  how: { readonly form: TimeForm; readonly zone: Zone; readonly isReformed: boolean },
): Component {
  const { form, zone, isReformed } = how;
  const value = (time: number): DateTimeValue =>
    wanted.isAllDay ? valueOfLocal(time - timeOfDay(time), 'date') : instantValue(time, form, zone);
  const isNew = current === null || isReformed || current.isAllDay !== wanted.isAllDay;
  const startLine = dateTimeLine('DTSTART', value(wanted.start));
  const started = isNew || current.start !== wanted.start ? editProperties(event, { set: [startLine] }) : event;
  const isSameLength = current !== null && current.end - current.start === wanted.end - wanted.start;
  if (!isNew && (current.end === wanted.end || isSameLength)) {
    const hasEnd = propertyOf(event, 'DTEND') !== null;
    if (!hasEnd && isSameLength) return started;
    if (hasEnd && current.end === wanted.end) return started;
  }
  const endLine = dateTimeLine('DTEND', value(wanted.end));
  return editProperties(started, { set: [endLine], remove: ['DURATION'] });
}
