/**
 * Arithmetic of the proleptic Gregorian calendar on whole numbers. A local date-time is carried as *local seconds*: the
 * seconds since 1970-01-01T00:00:00 its wall clock shows, as if there were no zones. A day is its number since
 * 1970-01-01. Both sort and subtract as they should and cost nothing to make.
 */
export const DAY_SECONDS = 86_400;

export interface CivilDate {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  /** 1–31 */
  readonly day: number;
}

/** Day number of a date; months and days out of range carry over. */
export function dayNumber(year: number, month: number, day: number): number {
  const shifted = month - 1;
  const y = year + Math.floor(shifted / 12);
  const m = shifted - Math.floor(shifted / 12) * 12;
  // Years counted from March put the leap day last, so that month lengths follow one linear formula.
  const marchYear = m < 2 ? y - 1 : y;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const marchMonth = (m + 10) % 12;
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Date of a day number. */
export function civilDate(day: number): CivilDate {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** 0 Sunday … 6 Saturday. */
export function weekdayOf(day: number): number {
  // 1970-01-01 was a Thursday.
  return (((day + 4) % 7) + 7) % 7;
}

/** Local seconds of a wall-clock reading. */
export function localSeconds(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number {
  return dayNumber(year, month, day) * DAY_SECONDS + hour * 3_600 + minute * 60 + second;
}

/** Day number that local seconds lie in. */
export function dayOf(local: number): number {
  return Math.floor(local / DAY_SECONDS);
}

/** Seconds since midnight of local seconds. */
export function timeOfDay(local: number): number {
  return local - dayOf(local) * DAY_SECONDS;
}

/** Year that local (or UTC) seconds lie in. */
export function yearOf(seconds: number): number {
  return civilDate(dayOf(seconds)).year;
}

/** Seconds at which a year begins. */
export function yearStart(year: number): number {
  return dayNumber(year, 1, 1) * DAY_SECONDS;
}
