import { timeOfDay } from '../../../../src/domain/calendar/civil.ts';
import { endOf, timingOf } from '../../../../src/domain/calendar/component-timing.ts';
import { momentOfLine, valueOfLocal } from '../../../../src/domain/calendar/moment.ts';
import { toLocal, type Zone } from '../../../../src/domain/calendar/zone.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { type DateTimeValue, dateTimeLine } from '../../../../src/formats/icalendar/date-time.ts';
import { editProperties } from '../../../../src/formats/icalendar/edit-properties.ts';
import { type Binding, sameFields } from '../binding.ts';
import { withZone } from '../calendar/zone-definition.ts';
import { mainComponent, updateMain } from '../component/main-component.ts';
import { dashedDate, isWritableDate, readDate } from '../dates.ts';
import { type ApplicationData, type Field, field, findField, textOf } from '../field.ts';
import type { MergeOptions } from '../options.ts';

/** A date or time of a task. `local` is what the person's clock shows. */
export interface TaskTime {
  readonly isDate: boolean;
  readonly local: number;
  readonly utc: number;
}

/** DTSTART of a task; null without one. */
export function startOfTask(calendar: Component, zone: Zone): TaskTime | null {
  const line = taskLine(calendar, 'DTSTART');
  return line === null ? null : timeOfLine(line, calendar, zone);
}

/** DUE, or start and DURATION. */
export function dueOfTask(calendar: Component, zone: Zone): TaskTime | null {
  const line = taskLine(calendar, 'DUE');
  if (line !== null) return timeOfLine(line, calendar, zone);
  const task = mainComponent(calendar, 'VTODO');
  if (task === null || propertyOf(task, 'DURATION') === null) return null;
  const timing = timingOf(task, calendar);
  if (timing === null) return null;
  const utc = endOf(timing.start, timing.length, zone);
  return { isDate: timing.start.isDate, local: toLocal(zone, utc), utc };
}

function taskLine(calendar: Component, name: string) {
  const task = mainComponent(calendar, 'VTODO');
  return task === null ? null : propertyOf(task, name);
}

function timeOfLine(line: Parameters<typeof momentOfLine>[0], calendar: Component, zone: Zone): TaskTime {
  const moment = momentOfLine(line, calendar);
  const utc = (moment.zone ?? zone).toUtc(moment.local);
  return { isDate: moment.isDate, local: moment.isDate ? moment.local : toLocal(zone, utc), utc };
}

const PAIRS = [
  { utc: 'Tasks:UtcStartDate', local: 'Tasks:StartDate', property: 'DTSTART', read: startOfTask },
  { utc: 'Tasks:UtcDueDate', local: 'Tasks:DueDate', property: 'DUE', read: dueOfTask },
] as const;

/** Start and due date, each twice: in UTC, and as the person's clock shows it with a Z that does not mean UTC. */
export const TASK_DATES_BINDING: Binding<Component> = {
  names: PAIRS.flatMap(({ utc, local }) => [utc, local]),
  read: (calendar, { zone }) => PAIRS.flatMap((pair) => pairFields(pair, pair.read(calendar, zone))),
  write: (calendar, fields, options) => {
    const times = PAIRS.map((pair) => {
      const old = pair.read(calendar, options.zone);
      const given = [findField(fields, pair.utc), findField(fields, pair.local)].filter((found) => found !== null);
      const isSame = sameFields(given, pairFields(pair, old));
      return { pair, isSame, time: isSame ? old : wantedTime(pair, fields, options.zone) };
    });
    // RFC 5545 §3.8.2.3: DUE is of the same kind as DTSTART.
    const isDate = times.every(({ time }) => time === null || time.isDate);
    let result = calendar;
    for (const { pair, isSame, time } of times) {
      if (isSame && (time === null || time.isDate === isDate)) continue;
      result = withTime(result, pair.property, time, isDate, options);
    }
    return result;
  },
};

function pairFields(pair: (typeof PAIRS)[number], time: TaskTime | null): Field[] {
  if (time === null || !isWritableDate(time.utc) || !isWritableDate(time.local)) return [];
  return [field(pair.utc, dashedDate(time.utc)), field(pair.local, dashedDate(time.local))];
}

/** What a client wants: the local twin says the day, the other one is for clients that send only it. */
function wantedTime(pair: (typeof PAIRS)[number], fields: ApplicationData, zone: Zone): TaskTime | null {
  const [localText, utcText] = [pair.local, pair.utc].map((name) => textOf(fields, name)?.trim() ?? '');
  if (localText === '' && utcText === '') return null;
  const local = localText === '' ? toLocal(zone, readDate(utcText!, pair.utc)) : readDate(localText!, pair.local);
  const utc = utcText === '' ? zone.toUtc(local) : readDate(utcText!, pair.utc);
  return { isDate: timeOfDay(local) === 0, local, utc };
}

function withTime(
  calendar: Component,
  property: string,
  time: TaskTime | null,
  isDate: boolean,
  options: MergeOptions,
): Component {
  const remove = property === 'DUE' ? ['DURATION'] : [];
  if (time === null) {
    return updateMain(calendar, 'VTODO', (task) => editProperties(task, { remove: [property, ...remove] }));
  }
  const { base, value } = timeValue(calendar, time, isDate, options.zone);
  const line = dateTimeLine(property, value);
  return updateMain(base, 'VTODO', (task) => editProperties(task, { set: [line], remove }));
}

function timeValue(
  calendar: Component,
  time: TaskTime,
  isDate: boolean,
  zone: Zone,
): { readonly base: Component; readonly value: DateTimeValue } {
  if (isDate) return { base: calendar, value: valueOfLocal(time.local, 'date') };
  if (zone.id === 'UTC') return { base: calendar, value: valueOfLocal(time.utc, 'utc') };
  const { calendar: base, tzid } = withZone(calendar, zone, time.utc);
  const { kind: _, tzid: __, ...fields } = valueOfLocal(toLocal(zone, time.utc), 'floating');
  return { base, value: { ...fields, kind: 'zoned', tzid } };
}
