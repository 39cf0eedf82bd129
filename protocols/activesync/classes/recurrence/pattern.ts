import { ClassDataError } from '../class-error.ts';
import { compactDate, dashedDate, readDate } from '../dates.ts';
import { type ApplicationData, type Field, field, textOf } from '../field.ts';
import { readInteger } from '../read-values.ts';

/** 0 daily, 1 weekly, 2 monthly by date, 3 monthly by weekday, 5 yearly by date, 6 yearly by weekday. */
export type PatternType = 0 | 1 | 2 | 3 | 5 | 6;

/** A Recurrence element (MS-ASCAL §2.2.2.37). Null: absent. */
export interface Pattern {
  readonly type: PatternType;
  readonly interval: number;
  readonly occurrences: number | null;
  /** Seconds since 1970, UTC. */
  readonly until: number | null;
  /** Sum of 1 Sunday, 2 Monday … 64 Saturday. */
  readonly dayOfWeek: number | null;
  readonly dayOfMonth: number | null;
  /** 5: the last one. */
  readonly weekOfMonth: number | null;
  readonly monthOfYear: number | null;
  /** 0 Sunday … 6 Saturday. */
  readonly firstDayOfWeek: number | null;
}

/** Classes differ in their page names and in how a date is written. */
export type PatternPage = 'Calendar' | 'Tasks' | 'Email';

/** Calendar types that count as the Gregorian calendar does: default, Gregorian and its language variants. */
const GREGORIAN = new Set([0, 1, 2, 9, 10, 11, 12]);

/** The children of a Recurrence element; the version filter takes out what is too new. */
export function patternFields(pattern: Pattern, page: PatternPage): Field[] {
  const newer = page === 'Email' ? 'Email2' : page;
  const until =
    pattern.until === null ? null : page === 'Tasks' ? dashedDate(pattern.until) : compactDate(pattern.until);
  const values: readonly (readonly [string, number | string | null])[] = [
    [`${page}:Type`, pattern.type],
    [`${page}:Until`, until],
    [`${page}:Occurrences`, pattern.occurrences],
    [`${page}:Interval`, pattern.interval],
    [`${page}:DayOfWeek`, pattern.dayOfWeek],
    [`${page}:DayOfMonth`, pattern.dayOfMonth],
    [`${page}:WeekOfMonth`, pattern.weekOfMonth],
    [`${page}:MonthOfYear`, pattern.monthOfYear],
    [`${newer}:FirstDayOfWeek`, pattern.firstDayOfWeek],
  ];
  return values.flatMap(([name, value]) => (value === null ? [] : [field(name, String(value))]));
}

/** Reads the children of a Recurrence element. @throws ClassDataError for a type, mask or number out of range */
export function readPattern(fields: ApplicationData, page: PatternPage): Pattern {
  const newer = page === 'Email' ? 'Email2' : page;
  const number = (name: string, min: number, max: number) => readInteger(fields, `${page}:${name}`, min, max);
  const type = number('Type', 0, 6);
  if (type === null || type === 4) throw new ClassDataError(`${page}:Type`, 'not a recurrence type');
  const calendarType = readInteger(fields, `${newer}:CalendarType`, 0, 23);
  if (calendarType !== null && !GREGORIAN.has(calendarType)) {
    throw new ClassDataError(`${newer}:CalendarType`, 'only rules of the Gregorian calendar are understood');
  }
  const until = textOf(fields, `${page}:Until`)?.trim() ?? '';
  return {
    type: type as PatternType,
    // 0 stands for "not said" in what some clients send.
    interval: Math.max(1, number('Interval', 0, 999) ?? 1),
    occurrences: number('Occurrences', 1, 999),
    until: until === '' ? null : readDate(until, `${page}:Until`),
    dayOfWeek: number('DayOfWeek', 1, 127),
    dayOfMonth: number('DayOfMonth', 1, 31),
    weekOfMonth: number('WeekOfMonth', 1, 5),
    monthOfYear: number('MonthOfYear', 1, 12),
    firstDayOfWeek: readInteger(fields, `${newer}:FirstDayOfWeek`, 0, 6),
  };
}

/** Elements that say something for a type; what else stands in a Recurrence does not count. */
const RELEVANT: Readonly<Record<PatternType, readonly (keyof Pattern)[]>> = {
  0: ['dayOfWeek'],
  1: ['dayOfWeek'],
  2: ['dayOfMonth'],
  3: ['dayOfWeek', 'weekOfMonth'],
  5: ['dayOfMonth', 'monthOfYear'],
  6: ['dayOfWeek', 'weekOfMonth', 'monthOfYear'],
};

/** Whether two patterns mean the same; a FirstDayOfWeek that only one of them names does not count. */
export function samePattern(a: Pattern, b: Pattern): boolean {
  const keys: readonly (keyof Pattern)[] = ['type', 'interval', 'occurrences', 'until', ...RELEVANT[a.type]];
  if (!keys.every((key) => a[key] === b[key])) return false;
  const isWeekStartSaid = a.firstDayOfWeek !== null && b.firstDayOfWeek !== null;
  return !isWeekStartSaid || a.firstDayOfWeek === b.firstDayOfWeek;
}
