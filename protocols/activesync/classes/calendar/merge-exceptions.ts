import { momentOf } from '../../../../src/domain/calendar/moment.ts';
import type { Override } from '../../../../src/domain/calendar/series.ts';
import { toLocal } from '../../../../src/domain/calendar/zone.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { replaceChild, setProperties, withProperty } from '../../../../src/formats/content-line/edit.ts';
import { propertiesOf } from '../../../../src/formats/content-line/lookup.ts';
import { dateTimeLine, formatDateTime, parseDateTimeList } from '../../../../src/formats/icalendar/date-time.ts';
import { addOverride, makeOverride } from '../../../../src/formats/icalendar/edit-calendar.ts';
import { type Binding, sameFields } from '../binding.ts';
import { ClassDataError } from '../class-error.ts';
import { readDate } from '../dates.ts';
import { type ApplicationData, childrenOf, type Field, field, findField, isChildren, textOf } from '../field.ts';
import type { MergeOptions } from '../options.ts';
import { readBoolean } from '../read-values.ts';
import { forVersion } from '../version.ts';
import { exceptionBindings } from './event-bindings.ts';
import { type EventTimes, type EventView, instantsOf, seriesStart, viewEvent } from './event-view.ts';
import { differingFields, occurrenceTimes, originalStart, overrideTimes, shownFields } from './exception-fields.ts';
import { nearestOccurrence, occurrenceAt } from './find-occurrence.ts';
import { wantedTimes } from './wanted-times.ts';
import { localValue, writeTimes } from './write-times.ts';

const ELEMENT = 'Calendar:Exceptions';
const MOST_EXCEPTIONS = 1_000;

/**
 * The calendar with the exceptions a client sent. One that is not in the list stays as it was, and so does what one of
 * them leaves out, but for its times: those are as in the master.
 */
export function mergeExceptions(calendar: Component, fields: ApplicationData, options: MergeOptions): Component {
  const given = (childrenOf(fields, ELEMENT) ?? []).flatMap(({ name, value }) =>
    name === 'Calendar:Exception' && isChildren(value) ? [value] : [],
  );
  if (given.length > MOST_EXCEPTIONS) throw new ClassDataError(ELEMENT, `more than ${MOST_EXCEPTIONS} exceptions`);
  let result = calendar;
  for (const exception of given) result = mergeException(result, forVersion(exception, options.version), options);
  return result;
}

function mergeException(calendar: Component, exception: readonly Field[], options: MergeOptions): Component {
  const text = textOf(exception, 'Calendar:ExceptionStartTime')?.trim() ?? '';
  if (text === '') throw new ClassDataError('Calendar:ExceptionStartTime', 'an exception needs its original start');
  const given = readDate(text, 'Calendar:ExceptionStartTime');
  const view = viewEvent(calendar, options.zone)!;
  if (view.series === null) return calendar;
  const { override, at } = meant(view, given);
  if (readBoolean(exception, 'Calendar:Deleted') === true) return withoutOccurrence(view, override, at);
  return withOccurrence(view, override, at ?? given, exception, options);
}

/** The occurrence a client means: an override or another occurrence of the rule. */
export function meant(
  view: EventView,
  given: number,
): { readonly override: Override | null; readonly at: number | null } {
  const { overrides } = view.series!;
  const exact = overrides.find((override) => originalStart(view, override) === given);
  if (exact !== undefined) return { override: exact, at: given };
  const local = nearestOccurrence(view, given);
  const at = local === null ? null : view.zone.toUtc(local);
  const override = overrides.find((candidate) => originalStart(view, candidate) === at) ?? null;
  return { override, at };
}

export function withoutOccurrence(view: EventView, override: Override | null, at: number | null): Component {
  const calendar = override === null ? view.calendar : replaceChild(view.calendar, override.component, null);
  // Nothing is there to delete.
  if (at === null) return calendar;
  const { zone } = seriesStart(view);
  const isDeleted = view.series!.exceptions.some((moment) => {
    const local = occurrenceAt(view, moment);
    return local !== null && zone.toUtc(local) === at;
  });
  if (isDeleted) return calendar;
  const line = dateTimeLine('EXDATE', localValue(toLocal(zone, at), view.form, zone));
  return replaceChild(calendar, view.event, withProperty(view.event, line));
}

function withOccurrence(
  view: EventView,
  override: Override | null,
  at: number,
  exception: readonly Field[],
  options: MergeOptions,
): Component {
  const current = override === null ? occurrenceTimes(view, at) : overrideTimes(view, override);
  const times = exceptionTimes(view, current, occurrenceTimes(view, at), exception, options);
  const start = override?.component ?? newOverride(view, at);
  const isMoved = current.start !== times.start || current.end !== times.end || current.isAllDay !== times.isAllDay;
  const how = { form: formOf(view), zone: view.zone, isReformed: false };
  const timed =
    isMoved || override === null ? writeTimes(start, override === null ? null : current, times, how) : start;
  const result = exceptionBindings(options.version).reduce(
    (component, binding) => mergeInherited(binding, component, view.event, exception, options),
    timed,
  );
  if (override !== null) {
    return result === override.component ? view.calendar : replaceChild(view.calendar, override.component, result);
  }
  const event = withoutExdate(view, at);
  const calendar = event === view.event ? view.calendar : replaceChild(view.calendar, view.event, event);
  return addOverride(calendar, result);
}

/** All-day occurrences of a timed series, and the other way round, are written in the person's zone. */
function formOf(view: EventView) {
  return view.times.isAllDay ? { kind: 'utc' as const, tzid: null } : view.form;
}

export function newOverride(view: EventView, at: number): Component {
  const { zone } = seriesStart(view);
  return makeOverride(view.event, dateTimeLine('RECURRENCE-ID', localValue(toLocal(zone, at), view.form, zone)));
}

/** Start and end of an exception; what it leaves out is as in the series. */
function exceptionTimes(
  view: EventView,
  current: EventTimes,
  unchanged: EventTimes,
  exception: readonly Field[],
  options: MergeOptions,
): EventTimes {
  const given = (name: string): Field[] => [findField(exception, `Calendar:${name}`)].filter((found) => found !== null);
  const base = instantsOf(unchanged, view.zone);
  const shown = instantsOf(current, view.zone);
  const start = textOf(exception, 'Calendar:StartTime');
  const end = textOf(exception, 'Calendar:EndTime');
  const isShown =
    (start === null ? base.start : readDate(start, 'Calendar:StartTime')) === shown.start &&
    (end === null ? base.end : readDate(end, 'Calendar:EndTime')) === shown.end;
  const allDay = readBoolean(exception, 'Calendar:AllDayEvent') ?? view.times.isAllDay;
  if (isShown && allDay === current.isAllDay) return current;
  const fields = [...given('StartTime'), ...given('EndTime'), field('Calendar:AllDayEvent', allDay ? '1' : '0')];
  return wantedTimes({ ...view, times: unchanged }, fields, options).times;
}

/** One binding of an exception: what is given, else what it said before, else what the master says. */
function mergeInherited(
  binding: Binding<Component>,
  override: Component,
  master: Component,
  exception: readonly Field[],
  options: MergeOptions,
): Component {
  if (binding.write === undefined) return override;
  const shown = shownFields(binding, override, master, options);
  const inherited = binding.read(master, options);
  const wanted = binding.names.flatMap((name) => {
    const sent = findField(exception, name);
    if (sent !== null) return [sent];
    // An occurrence keeps what it says of its own; an empty element takes it away (MS-ASCAL §3.1.4.4, §3.2.5.5).
    const stays = differingFields(binding, override, master, options).length > 0;
    const found = findField(stays ? shown : inherited, name);
    return found === null ? [] : [found];
  });
  const isSame = binding.isSame?.(wanted, shown) ?? sameFields(wanted, shown, binding.defaults);
  return isSame ? override : binding.write(override, wanted, options);
}

/** The master without the EXDATE of an occurrence that is there again. */
export function withoutExdate(view: EventView, at: number): Component {
  const { zone } = seriesStart(view);
  let isChanged = false;
  const lines = propertiesOf(view.event, 'EXDATE').flatMap((line) => {
    if (line.value.trim() === '') return [line];
    const values = parseDateTimeList(line);
    const kept = values.filter((value) => {
      const local = occurrenceAt(view, momentOf(value, view.calendar));
      return local === null || zone.toUtc(local) !== at;
    });
    if (kept.length === values.length) return [line];
    isChanged = true;
    return kept.length === 0 ? [] : [{ ...line, value: kept.map(formatDateTime).join(','), raw: null }];
  });
  return isChanged ? setProperties(view.event, 'EXDATE', lines) : view.event;
}
