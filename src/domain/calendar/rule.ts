/** How often a rule looks, RFC 5545 §3.3.10. */
export type Frequency = 'SECONDLY' | 'MINUTELY' | 'HOURLY' | 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';

export interface RuleWeekday {
  /** 0 Sunday … 6 Saturday. */
  readonly weekday: number;
  /** 2 = second, -1 = last of the month or year; 0 = each. */
  readonly ordinal: number;
}

/** A recurrence rule as the expander reads it; an empty list is an absent part. COUNT and UNTIL are the caller's words. */
export interface Rule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | null;
  readonly bySecond: readonly number[];
  readonly byMinute: readonly number[];
  readonly byHour: readonly number[];
  readonly byDay: readonly RuleWeekday[];
  readonly byMonthDay: readonly number[];
  readonly byYearDay: readonly number[];
  readonly byWeekNo: readonly number[];
  readonly byMonth: readonly number[];
  readonly bySetPos: readonly number[];
  /** 0 Sunday … 6 Saturday; Monday unless told. */
  readonly weekStart: number;
}

/** A rule with only a frequency: what the others are built on. */
export function plainRule(frequency: Frequency): Rule {
  return {
    frequency,
    interval: 1,
    count: null,
    bySecond: [],
    byMinute: [],
    byHour: [],
    byDay: [],
    byMonthDay: [],
    byYearDay: [],
    byWeekNo: [],
    byMonth: [],
    bySetPos: [],
    weekStart: 1,
  };
}
