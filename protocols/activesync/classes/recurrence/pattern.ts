import { ClassDataError } from '../class-error.ts';
import { compactDate, dashedDate, readDate } from '../dates.ts';
import { type ApplicationData, type Field, field, textOf, textsOf } from '../field.ts';
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

/** CalendarType of every rule that is told: 1, Gregorian. Required where a rule counts days of months (since 14.0). */
const GREGORIAN_TYPE = 1;

/**
 * The children of a Recurrence element, in the order that the schema of meeting requests demands; the version filter takes
 * out what is too new.
 */
export function patternFields(pattern: Pattern, page: PatternPage): Field[] {
  const newer = page === 'Email' ? 'Email2' : page;
  const until =
    pattern.until === null ? null : page === 'Tasks' ? dashedDate(pattern.until) : compactDate(pattern.until);
  const values: readonly (readonly [string, number | string | null])[] = [
    [`${page}:Type`, pattern.type],
    [`${page}:Interval`, pattern.interval],
    [`${page}:Until`, until],
    [`${page}:Occurrences`, pattern.occurrences],
    [`${page}:WeekOfMonth`, pattern.weekOfMonth],
    [`${page}:DayOfMonth`, pattern.dayOfMonth],
    [`${page}:DayOfWeek`, pattern.dayOfWeek],
    [`${page}:MonthOfYear`, pattern.monthOfYear],
    [`${newer}:CalendarType`, pattern.type < 2 ? null : GREGORIAN_TYPE],
    [`${newer}:IsLeapMonth`, pattern.monthOfYear === null ? null : 0],
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
  refuseStrays(fields, page, type as PatternType);
  const calendarType = readInteger(fields, `${newer}:CalendarType`, 0, 23);
  if (calendarType !== null && !GREGORIAN.has(calendarType)) {
    throw new ClassDataError(`${newer}:CalendarType`, 'only rules of the Gregorian calendar are understood');
  }
  const until = textOf(fields, `${page}:Until`)?.trim() ?? '';
  const occurrences = number('Occurrences', 1, 999);
  return {
    type: type as PatternType,
    // 0 stands for "not said" in what some clients send.
    interval: Math.max(1, number('Interval', 0, 999) ?? 1),
    occurrences,
    // Of both, Occurrences counts (MS-ASCAL §3.2.5.4, MS-ASTASK §3.2.5.4).
    until: until === '' || occurrences !== null ? null : readDate(until, `${page}:Until`),
    dayOfWeek: number('DayOfWeek', 1, 127),
    dayOfMonth: number('DayOfMonth', 1, 31),
    weekOfMonth: number('WeekOfMonth', 1, 5),
    monthOfYear: number('MonthOfYear', 1, 12),
    firstDayOfWeek: readInteger(fields, `${newer}:FirstDayOfWeek`, 0, 6),
  };
}

/**
 * What a type has no use for, and a second calendar, is refused: another rule was meant than the one that would be kept
 * (MS-ASCAL §3.2.5.4, MS-ASTASK §2.2.2). That a rule is daily on some days is how Outlook says "every weekday".
 */
function refuseStrays(fields: ApplicationData, page: PatternPage, type: PatternType): void {
  const allowed: Readonly<Record<string, boolean>> = {
    DayOfWeek: type !== 2 && type !== 5,
    DayOfMonth: type === 2 || type === 5,
    WeekOfMonth: type === 3 || type === 6,
    MonthOfYear: type === 5 || type === 6,
    CalendarType: type >= 2 || page !== 'Tasks',
  };
  for (const [name, isAllowed] of Object.entries(allowed)) {
    const found = textsOf(fields, `${page}:${name}`).filter((text) => text.trim() !== '');
    if (found.length > 0 && !isAllowed) throw new ClassDataError(`${page}:${name}`, `says nothing for type ${type}`);
    if (name === 'CalendarType' && found.length > 1) throw new ClassDataError(`${page}:${name}`, 'more than one');
  }
}

/** Elements that say something for a type. */
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
