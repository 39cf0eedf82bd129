import type { Component } from '../../formats/content-line/content-line.ts';
import { componentsOf, propertiesOf, propertyOf } from '../../formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../formats/content-line/syntax-error.ts';
import { parseDateTime } from '../../formats/icalendar/date-time.ts';
import { parseRecurrenceRule } from '../../formats/icalendar/parse-recurrence-rule.ts';
import { parseDateOrPeriodList } from '../../formats/icalendar/period.ts';
import type { RecurrenceRule } from '../../formats/icalendar/recurrence-rule.ts';
import { isGatewayError } from '../errors.ts';
import { localSeconds, yearStart } from './civil.ts';
import { expandRule } from './expand-rule.ts';
import { untilTest } from './rule-until.ts';
import { createWork, type Work } from './work.ts';
import { orderTransitions, type Transition, yearFromList, type Zone, zoneOfYears } from './zone.ts';

/** One STANDARD or DAYLIGHT part (RFC 5545 §3.6.5). Offsets in seconds, times in local seconds before the change. */
interface Observance {
  readonly start: number;
  readonly offsetFrom: number;
  readonly offsetTo: number;
  readonly rules: readonly RecurrenceRule[];
  readonly dates: readonly number[];
}

interface Onset {
  readonly at: number;
  readonly after: number;
}

/** Onsets one observance may have: 600 years of two changes fit, a rule of seconds does not. */
const MAX_ONSETS = 1_500;
/** Days looked at for all rules of a zone together: dozens of rules from 1900 on fit. */
const ZONE_WORK = 250_000;
/** Rules often begin in 1601; what lay before this year is asked for by nobody. */
const FIRST_RULE_YEAR = 1900;
/** Years expanded beyond the one asked for, so that a series does not start anew for every year. */
const YEARS_AHEAD = 20;

const zones = new WeakMap<Component, { readonly zone: Zone | null }>();

/**
 * The private zone that a VTIMEZONE describes: any number of observances with their RRULE and RDATE; before the first
 * onset its TZOFFSETFROM holds. Null when it cannot be read or has no observance: then the zone is as unknown as without.
 */
export function vtimezoneZone(component: Component): Zone | null {
  let known = zones.get(component);
  if (known === undefined) {
    known = { zone: makeZone(component) };
    zones.set(component, known);
  }
  return known.zone;
}

/** The offsets that its observances lead to; empty for one that cannot be read. */
export function vtimezoneOffsets(component: Component): ReadonlySet<number> {
  return new Set((readObservances(component) ?? []).map((observance) => observance.offsetTo));
}

function makeZone(component: Component): Zone | null {
  const observances = readObservances(component);
  const [first, ...others] = observances ?? [];
  if (first === undefined) return null;
  const earliest = others.reduce((best, next) => (next.start < best.start ? next : best), first);
  const id = propertyOf(component, 'TZID')?.value.trim() ?? '';
  let list: readonly Transition[] = [];
  let horizon = Number.NEGATIVE_INFINITY;
  return zoneOfYears(id, true, (year) => {
    if (year > horizon) {
      horizon = year + YEARS_AHEAD;
      list = orderTransitions(onsetsOfAll([first, ...others], yearStart(horizon + 1)), earliest.offsetFrom);
    }
    return yearFromList(list, earliest.offsetFrom, year);
  });
}

/** Those that were found until it became too much: only a zone made to cost has so many. */
function onsetsOfAll(observances: readonly Observance[], end: number): Onset[] {
  const onsets: Onset[] = [];
  const work = createWork(ZONE_WORK);
  try {
    for (const observance of observances) onsets.push(...onsetsOf(observance, end, work));
  } catch (error) {
    if (!isGatewayError(error, 'too-many-results')) throw error;
  }
  return onsets;
}

function onsetsOf(observance: Observance, end: number, work: Work): Onset[] {
  const locals = [observance.start, ...observance.dates];
  const from = Math.max(observance.start, yearStart(FIRST_RULE_YEAR));
  work.spend(locals.length);
  for (const rule of observance.rules) {
    const isPast = untilTest(rule, false, (local) => local - observance.offsetFrom);
    for (const local of expandRule(rule, observance.start, { from, isPast, work })) {
      if (local >= end || locals.length > MAX_ONSETS) break;
      locals.push(local);
    }
  }
  return locals.map((local) => ({ at: local - observance.offsetFrom, after: observance.offsetTo }));
}

function readObservances(component: Component): Observance[] | null {
  const parts = componentsOf(component).filter((part) => part.name === 'STANDARD' || part.name === 'DAYLIGHT');
  try {
    return parts.map(readObservance).filter((observance) => observance !== null);
  } catch (error) {
    // Told to the caller as a zone that is not known.
    if (error instanceof ContentSyntaxError) return null;
    throw error;
  }
}

function readObservance(part: Component): Observance | null {
  const start = propertyOf(part, 'DTSTART');
  const offsetTo = readOffset(propertyOf(part, 'TZOFFSETTO')?.value);
  if (start === null || offsetTo === null) return null;
  return {
    start: localOf(parseDateTime(start)),
    offsetFrom: readOffset(propertyOf(part, 'TZOFFSETFROM')?.value) ?? offsetTo,
    offsetTo,
    rules: propertiesOf(part, 'RRULE').map((line) => parseRecurrenceRule(line.value, line.line)),
    dates: propertiesOf(part, 'RDATE')
      .flatMap(parseDateOrPeriodList)
      .map((value) => localOf('start' in value ? value.start : value)),
  };
}

function localOf(value: ReturnType<typeof parseDateTime>): number {
  return localSeconds(value.year, value.month, value.day, value.hour, value.minute, value.second);
}

/** RFC 5545 §3.3.14: `+0100`, `-083000`; signs are left out and colons put in by some. */
function readOffset(value: string | undefined): number | null {
  const match = /^\s*([+-]?)(\d\d):?(\d\d)(?::?(\d\d))?\s*$/.exec(value ?? '');
  if (match === null) return null;
  const seconds = Number(match[2]) * 3_600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
  if (seconds >= 26 * 3_600) return null;
  return match[1] === '-' ? -seconds : seconds;
}
