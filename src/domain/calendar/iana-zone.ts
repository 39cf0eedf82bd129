import { DAY_SECONDS, localSeconds, yearStart } from './civil.ts';
import { type Transition, type Zone, type ZoneYear, zoneOfYears } from './zone.ts';

/** Shortest stretch between two changes that a search must not step over is about three weeks (Ramadan pauses). */
const STEP = 7 * DAY_SECONDS;
/** Names come from outside, so their number is bounded. */
const MAX_NAMES = 5_000;

const zones = new Map<string, Zone>();
const canonicalNames = new Map<string, string | null>();

/**
 * The name under which Intl knows an IANA zone: old and new spellings (Europe/Kyiv, Europe/Kiev) get the same one;
 * null for what is no zone.
 */
export function canonicalZoneName(name: string): string | null {
  let canonical = canonicalNames.get(name);
  if (canonical === undefined) {
    canonical = askIntl(name);
    if (canonicalNames.size >= MAX_NAMES) canonicalNames.clear();
    canonicalNames.set(name, canonical);
  }
  return canonical;
}

/** The IANA zone of this name or alias (any case), or null. Zones are kept: the same canonical name gives the same object. */
export function ianaZone(name: string): Zone | null {
  const canonical = canonicalZoneName(name);
  if (canonical === null) return null;
  let zone = zones.get(canonical);
  if (zone === undefined) {
    zone = zoneOfYears(canonical, false, yearReader(canonical));
    zones.set(canonical, zone);
  }
  return zone;
}

function askIntl(name: string): string | null {
  // Longer than any zone name, or with characters none has: spares building a formatter and its error. Offsets such as
  // "+01:00" are accepted by Intl but are no names.
  if (name.length > 64 || !/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return null;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Finds a year's changes by looking every few days and halving the span where two looks differ. */
function yearReader(name: string): (year: number) => ZoneYear {
  let offsetAt: ((utcSeconds: number) => number) | null = null;
  return (year) => {
    offsetAt ??= intlOffset(name);
    const end = yearStart(year + 1);
    const transitions: Transition[] = [];
    // The second before the year counts as well, so that a change exactly at its start is found.
    let from = yearStart(year) - 1;
    let before = offsetAt(from);
    const offsetBefore = before;
    while (from < end - 1) {
      const to = Math.min(from + STEP, end - 1);
      const after = offsetAt(to);
      if (after !== before) transitions.push(...changesWithin(from, before, to, after, offsetAt));
      from = to;
      before = after;
    }
    return { offsetAtStart: offsetBefore, transitions };
  };
}

function changesWithin(
  from: number,
  before: number,
  to: number,
  after: number,
  offsetAt: (utcSeconds: number) => number,
): Transition[] {
  if (before === after) return [];
  if (to - from === 1) return [{ at: to, before, after }];
  const middle = Math.floor((from + to) / 2);
  const offset = offsetAt(middle);
  return [
    ...changesWithin(from, before, middle, offset, offsetAt),
    ...changesWithin(middle, offset, to, after, offsetAt),
  ];
}

/** Offset look-up through Intl, exact to the second; a few microseconds each. */
function intlOffset(name: string): (utcSeconds: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (utcSeconds) => {
    // "3/29/2026, 02:30:00"
    const [month, day, year, hour, minute, second] = numbersIn(format.format(utcSeconds * 1_000));
    return localSeconds(year!, month!, day!, hour!, minute!, second!) - utcSeconds;
  };
}

function numbersIn(text: string): number[] {
  const numbers: number[] = [];
  let value = -1;
  for (let i = 0; i < text.length; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) value = (value < 0 ? 0 : value * 10) + digit;
    else if (value >= 0) {
      numbers.push(value);
      value = -1;
    }
  }
  if (value >= 0) numbers.push(value);
  return numbers;
}

/** UTC, which needs no look-up. */
export const UTC: Zone = zoneOfYears('UTC', false, () => ({ offsetAtStart: 0, transitions: [] }));
