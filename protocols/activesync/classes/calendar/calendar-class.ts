import type { Zone } from '../../../../src/domain/calendar/zone.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { makeComponent, replaceChild } from '../../../../src/formats/content-line/edit.ts';
import { makeLine } from '../../../../src/formats/content-line/line.ts';
import { componentsOf, propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { escapeText } from '../../../../src/formats/content-line/text.ts';
import { makeCalendar } from '../../../../src/formats/icalendar/calendar.ts';
import { formatUtc } from '../../../../src/formats/icalendar/date-time.ts';
import { editProperties } from '../../../../src/formats/icalendar/edit-properties.ts';
import { uidOf } from '../../../../src/formats/icalendar/split-by-uid.ts';
import { mergeBindings, mergeOptionsFor, renderBindings, sameFields } from '../binding.ts';
import { stampOf } from '../component/stamp.ts';
import { compactDate, readDate } from '../dates.ts';
import { type ApplicationData, type Field, field, optional, textOf } from '../field.ts';
import type { MergeOptions, RenderOptions } from '../options.ts';
import { patternFields } from '../recurrence/pattern.ts';
import { forVersion } from '../version.ts';
import { EVENT_BINDINGS, exceptionBindings } from './event-bindings.ts';
import { type EventView, seriesStart, type TimeForm, viewEvent } from './event-view.ts';
import { exceptionFields } from './exception-fields.ts';
import { withOrganizer } from './meeting-bindings.ts';
import { mergeExceptions } from './merge-exceptions.ts';
import { mergeRecurrence } from './merge-recurrence.ts';
import { moveSeries } from './move-series.ts';
import { shownPattern } from './shown-pattern.ts';
import { timeFields } from './time-fields.ts';
import { wantedTimes } from './wanted-times.ts';
import { writeTimes } from './write-times.ts';
import { withZone } from './zone-definition.ts';

/**
 * ApplicationData of an event (MS-ASCAL).
 * @param calendar A calendar object whose component is VEVENT.
 * @returns Null for an object without any time: it is outside of what phones can hold.
 * @throws ContentSyntaxError for values that cannot be read, which the store does not take
 */
export function renderCalendar(calendar: Component, options: RenderOptions): Field[] | null {
  const view = viewEvent(calendar, options.zone);
  if (view === null) return null;
  const times = timeFields(view);
  if (times.length === 0) return null;
  const pattern = shownPattern(view);
  const fields = [
    ...times,
    ...optional('Calendar:UID', uidOf(view.event)),
    field('Calendar:DtStamp', compactDate(stampOf(view.event))),
    ...(pattern === null ? [] : [field('Calendar:Recurrence', patternFields(pattern, 'Calendar'))]),
    ...(pattern === null ? [] : exceptionFields(view, options)),
  ];
  return [...forVersion(fields, options.version), ...renderBindings(EVENT_BINDINGS, view.event, options)];
}

/**
 * The calendar object after a client's Add (`calendar` null) or Change; the same object when nothing changed.
 * @throws ClassDataError for data that cannot be taken
 */
export function mergeCalendar(calendar: Component | null, fields: ApplicationData, options: MergeOptions): Component {
  const given = forVersion(fields, options.version);
  const how = mergeOptionsFor(given, options);
  const before = calendar === null ? null : viewEvent(calendar, options.zone);
  const start = before === null ? newEvent(given, how) : before.calendar;
  const timed = mergeTimes(start, before, given, how);
  const repeated = mergeRecurrence(timed, before, given, how);
  const described = mergeProperties(repeated, given, how);
  const excepted = mergeExceptions(described, given, how);
  const result = withOrganizer(excepted, calendar, given, how);
  return calendar === null || result === calendar ? result : stamped(result, calendar, how);
}

function newEvent(fields: ApplicationData, options: MergeOptions): Component {
  const uid = textOf(fields, 'Calendar:UID')?.trim().replace(/\0/g, '') || options.newUid;
  const stamp = textOf(fields, 'Calendar:DtStamp')?.trim() ?? '';
  const stamped = stamp === '' ? options.now : readDate(stamp, 'Calendar:DtStamp');
  return makeCalendar([
    makeComponent('VEVENT', [
      makeLine({ name: 'UID', value: escapeText(uid.slice(0, 300)) }),
      makeLine({ name: 'DTSTAMP', value: formatUtc(stamped) }),
    ]),
  ]);
}

function mergeTimes(
  calendar: Component,
  before: EventView | null,
  fields: ApplicationData,
  options: MergeOptions,
): Component {
  const { times, zone, isOtherZone } = wantedTimes(before, fields, options);
  const old = before?.times;
  const isSame = old?.start === times.start && old.end === times.end && old.isAllDay === times.isAllDay;
  // An all-day event is in no zone: what zone the phone is in does not change it.
  if (isSame && (times.isAllDay || !isOtherZone)) return calendar;
  const isReformed = before === null || old?.isAllDay !== times.isAllDay || (isOtherZone && !times.isAllDay);
  const written = isReformed && !times.isAllDay ? formIn(calendar, zone, times.start) : null;
  const form: TimeForm = times.isAllDay ? { kind: 'date', tzid: null } : (written?.form ?? before!.form);
  const base = written?.calendar ?? calendar;
  const event = before?.event ?? componentsOf(base, 'VEVENT')[0]!;
  const formZone = isReformed ? zone : before.zone;
  const next = writeTimes(event, old ?? null, times, { form, zone: formZone, isReformed });
  const result = replaceChild(base, event, next);
  if (before === null || before.series === null) return result;
  const start = seriesStart({ times, zone: formZone });
  return moveSeries(result, next, before, { form, start });
}

function formIn(calendar: Component, zone: Zone, from: number): { calendar: Component; form: TimeForm } {
  if (zone.id === 'UTC' || zone.id === 'Etc/UTC') return { calendar, form: { kind: 'utc', tzid: null } };
  const defined = withZone(calendar, zone, from);
  return { calendar: defined.calendar, form: { kind: 'zoned', tzid: defined.tzid } };
}

/**
 * Properties of the event; overrides that inherited what changes go with it, because the phone shows them so.
 */
function mergeProperties(calendar: Component, fields: ApplicationData, options: MergeOptions): Component {
  const view = viewEvent(calendar, options.zone)!;
  const event = mergeBindings(EVENT_BINDINGS, view.event, fields, options);
  if (event === view.event) return calendar;
  let result = replaceChild(calendar, view.event, event);
  for (const { component } of view.series?.overrides ?? []) {
    const next = exceptionBindings(options.version).reduce((override, binding) => {
      const old = binding.read(view.event, options);
      const wanted = binding.read(event, options);
      const isInherited = sameFields(binding.read(override, options), old, binding.defaults);
      if (!isInherited || sameFields(old, wanted, binding.defaults)) return override;
      return binding.write!(override, wanted, options);
    }, component);
    if (next !== component) result = replaceChild(result, component, next);
  }
  return result;
}

/** DTSTAMP, LAST-MODIFIED and, where others may hold a copy, SEQUENCE (RFC 5545 §3.8.7) of what changed. */
function stamped(calendar: Component, before: Component, options: MergeOptions): Component {
  const now = formatUtc(options.now);
  return componentsOf(calendar, 'VEVENT').reduce((result, event) => {
    if (before.children.includes(event)) return result;
    const stamps = [makeLine({ name: 'DTSTAMP', value: now }), makeLine({ name: 'LAST-MODIFIED', value: now })];
    const old = propertyOf(event, 'SEQUENCE');
    const number = old === null || !/^\d{1,9}$/.test(old.value.trim()) ? null : Number(old.value) + 1;
    const sequence = number === null ? [] : [makeLine({ name: 'SEQUENCE', value: String(number) })];
    return replaceChild(result, event, editProperties(event, { set: [...stamps, ...sequence] }));
  }, calendar);
}
