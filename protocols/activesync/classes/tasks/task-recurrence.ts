import { DAY_SECONDS, dayOf } from '../../../../src/domain/calendar/civil.ts';
import { valueOfLocal } from '../../../../src/domain/calendar/moment.ts';
import type { Zone } from '../../../../src/domain/calendar/zone.ts';
import { isGatewayError } from '../../../../src/domain/errors.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { makeLine } from '../../../../src/formats/content-line/line.ts';
import { propertiesOf, propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { dateTimeLine, parseDateTime } from '../../../../src/formats/icalendar/date-time.ts';
import { editProperties } from '../../../../src/formats/icalendar/edit-properties.ts';
import { parseRecurrenceRule } from '../../../../src/formats/icalendar/parse-recurrence-rule.ts';
import { formatRecurrenceRule } from '../../../../src/formats/icalendar/recurrence-rule.ts';
import type { Binding } from '../binding.ts';
import { ClassDataError } from '../class-error.ts';
import { mainComponent, updateMain } from '../component/main-component.ts';
import { dashedDate, readDate } from '../dates.ts';
import { type ApplicationData, childrenOf, type Field, field, textOf } from '../field.ts';
import { readBoolean } from '../read-values.ts';
import { type Pattern, patternFields, readPattern, samePattern } from '../recurrence/pattern.ts';
import { patternToRule } from '../recurrence/pattern-to-rule.ts';
import { ruleToPattern, type SeriesStart } from '../recurrence/rule-to-pattern.ts';
import { dueOfTask, startOfTask } from './task-dates.ts';

const ELEMENT = 'Tasks:Recurrence';
/** Flags of the protocol that iCalendar has no word for. */
const FLAGS = [
  { element: 'Tasks:Regenerate', property: 'X-MS-TASK-REGENERATE' },
  { element: 'Tasks:DeadOccur', property: 'X-MS-TASK-DEADOCCUR' },
] as const;

/** Recurrence of a task. A rule that no pattern can say is shown as a single task and stays. */
export const TASK_RECURRENCE_BINDING: Binding<Component> = {
  names: [ELEMENT],
  isSame: (given, shown) => {
    const [a, b] = [childrenOf(given, ELEMENT) ?? [], childrenOf(shown, ELEMENT) ?? []];
    if (a.length === 0 || b.length === 0) return a.length === b.length;
    return samePattern(readPattern(a, 'Tasks'), readPattern(b, 'Tasks')) && sameFlags(a, b);
  },
  read: (calendar, { zone }) => {
    const shown = patternOf(calendar, zone);
    if (shown === null) return [];
    const { pattern, start } = shown;
    const flags = FLAGS.flatMap(({ element, property }) => (hasFlag(calendar, property) ? [field(element, '1')] : []));
    const begin = field('Tasks:Start', dashedDate(dayOf(start.local) * DAY_SECONDS));
    const [type, ...rest] = patternFields(pattern, 'Tasks');
    return [field(ELEMENT, [type!, begin, ...rest, ...flags])];
  },
  write: (calendar, fields, { zone }) => {
    const given = childrenOf(fields, ELEMENT) ?? [];
    if (given.length === 0) return updateMain(calendar, 'VTODO', withoutRule);
    const pattern = readPattern(given, 'Tasks');
    // MS-ASTASK §3.2.4.4
    if ((textOf(given, 'Tasks:Start')?.trim() ?? '') === '') {
      throw new ClassDataError('Tasks:Start', 'a recurrence needs its start');
    }
    return updateMain(withStart(calendar, given, zone), 'VTODO', (task) => withRule(task, pattern, given, zone));
  },
};

/** A rule counts from DTSTART: a task that had none begins when its Recurrence does, or when it is due. */
function withStart(calendar: Component, given: ApplicationData, zone: Zone): Component {
  if (startOfTask(calendar, zone) !== null) return calendar;
  const text = textOf(given, 'Tasks:Start')?.trim() ?? '';
  const begin = text === '' ? dueOfTask(calendar, zone)?.local : readDate(text, 'Tasks:Start');
  if (begin === undefined) return calendar;
  const due = dueOfTask(calendar, zone);
  // DTSTART is of the kind of DUE (RFC 5545 §3.8.2.3) and not behind it.
  const local = due === null ? begin : Math.min(begin, due.local);
  const value =
    due !== null && !due.isDate
      ? valueOfLocal(zone.toUtc(local), 'utc')
      : valueOfLocal(dayOf(local) * DAY_SECONDS, 'date');
  return updateMain(calendar, 'VTODO', (task) => editProperties(task, { set: [dateTimeLine('DTSTART', value)] }));
}

function withRule(task: Component, pattern: Pattern, given: ApplicationData, zone: Zone): Component {
  const line = propertyOf(task, 'DTSTART') ?? propertyOf(task, 'DUE');
  const value = line === null ? null : parseDateTime(line);
  const start = startOf(task, zone) ?? { local: 0, zone, isDate: true };
  const rule = formatRecurrenceRule(patternToRule(pattern, start, value?.kind ?? 'date'));
  const set = [makeLine({ name: 'RRULE', value: rule })];
  const remove = ['RDATE', 'EXRULE'];
  for (const { element, property } of FLAGS) {
    if (readBoolean(given, element) === true) set.push(makeLine({ name: property, value: 'TRUE' }));
    else remove.push(property);
  }
  return editProperties(task, { set, remove });
}

function withoutRule(task: Component): Component {
  return editProperties(task, {
    remove: ['RRULE', 'RDATE', 'EXDATE', 'EXRULE', ...FLAGS.map(({ property }) => property)],
  });
}

function startOf(task: Component, zone: Zone): SeriesStart | null {
  const calendar: Component = { name: 'VCALENDAR', begin: null, end: null, children: [task] };
  const time = startOfTask(calendar, zone) ?? dueOfTask(calendar, zone);
  return time === null ? null : { local: time.local, zone, isDate: time.isDate };
}

function patternOf(calendar: Component, zone: Zone): { readonly pattern: Pattern; readonly start: SeriesStart } | null {
  const task = mainComponent(calendar, 'VTODO');
  const lines = task === null ? [] : propertiesOf(task, 'RRULE');
  const time = startOfTask(calendar, zone) ?? dueOfTask(calendar, zone);
  if (lines.length !== 1 || time === null) return null;
  const start = { local: time.local, zone, isDate: time.isDate };
  try {
    const pattern = ruleToPattern(parseRecurrenceRule(lines[0]!.value), start);
    return pattern === null ? null : { pattern, start };
  } catch (error) {
    // A rule made to be slow is shown as a single task.
    if (isGatewayError(error, 'too-many-results')) return null;
    throw error;
  }
}

function hasFlag(calendar: Component, property: string): boolean {
  const task = mainComponent(calendar, 'VTODO');
  return (task === null ? null : propertyOf(task, property))?.value.trim().toUpperCase() === 'TRUE';
}

function sameFlags(a: readonly Field[], b: readonly Field[]): boolean {
  return FLAGS.every(({ element }) => (readBoolean(a, element) ?? false) === (readBoolean(b, element) ?? false));
}
