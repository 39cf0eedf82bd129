import type { Component } from '../../formats/content-line/content-line.ts';
import { componentsOf, parameterOf, propertiesOf, propertyOf } from '../../formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../formats/content-line/syntax-error.ts';
import { OBJECT_KINDS } from '../../formats/icalendar/calendar.ts';
import { parseDateTimeList } from '../../formats/icalendar/date-time.ts';
import { parseRecurrenceRule } from '../../formats/icalendar/parse-recurrence-rule.ts';
import { parseDateOrPeriodList } from '../../formats/icalendar/period.ts';
import type { RecurrenceRule } from '../../formats/icalendar/recurrence-rule.ts';
import { uidOf } from '../../formats/icalendar/split-by-uid.ts';
import { type Length, periodLength, type Timing, timingOf } from './component-timing.ts';
import { type Moment, momentOf, momentOfLine } from './moment.ts';

/** RFC 5545 §3.8.5.3: there should be one; each costs an expansion. */
const MAX_RULES = 10;
/** Dates, exceptions and overrides of one object: some thousand years of weeks. Each is read whatever is asked. */
const MAX_INSTANCES = 20_000;

const known = new WeakMap<Component, readonly Series[]>();

/** A component that stands for one occurrence, or with RANGE=THISANDFUTURE for it and all later ones. */
export interface Override {
  readonly component: Component;
  readonly recurrenceId: Moment;
  readonly isForFuture: boolean;
  /** Null when it says no time of its own: then the time of the occurrence it replaces. */
  readonly timing: Timing | null;
}

/** All components of one UID and kind, read once. */
export interface Series {
  readonly kind: string;
  readonly master: Component | null;
  /** Null for a master without DTSTART (and DUE). */
  readonly timing: Timing | null;
  /** Only rules that are understood as a whole: with an unknown part the component does not recur for us. */
  readonly rules: readonly RecurrenceRule[];
  readonly dates: readonly { readonly start: Moment; readonly length: Length | null }[];
  readonly exceptions: readonly Moment[];
  readonly overrides: readonly Override[];
}

/** Reads the components of an object by UID and kind; time zones and unknown components are passed over. @throws ContentSyntaxError */
export function readSeries(calendar: Component): readonly Series[] {
  let all = known.get(calendar);
  if (all === undefined) {
    all = readAll(calendar);
    known.set(calendar, all);
  }
  return all;
}

function readAll(calendar: Component): Series[] {
  let instances = 0;
  const groups = new Map<string, Component[]>();
  for (const component of componentsOf(calendar)) {
    if (!OBJECT_KINDS.has(component.name)) continue;
    instances += countInstances(component);
    if (instances > MAX_INSTANCES) {
      throw new ContentSyntaxError(`more than ${MAX_INSTANCES} dates and exceptions in one object`, 0);
    }
    const key = `${component.name}:${uidOf(component) ?? ''}`;
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [component]);
    else members.push(component);
  }
  return [...groups.values()].map((members) => readMembers(members, calendar));
}

/** How many dates and exceptions a component names, itself included, without reading them. */
function countInstances(component: Component): number {
  let count = 1;
  for (const line of [...propertiesOf(component, 'RDATE'), ...propertiesOf(component, 'EXDATE')]) {
    count += 1;
    for (let at = line.value.indexOf(','); at >= 0; at = line.value.indexOf(',', at + 1)) count += 1;
  }
  return count;
}

/** The master, where there is one, and the overrides. */
export function componentsIn({ master, overrides }: Series): Component[] {
  const others = overrides.map(({ component }) => component);
  return master === null ? others : [master, ...others];
}

/** True when the series has more than the one occurrence that DTSTART names, or could have. */
export function isRecurring(series: Series): boolean {
  return series.rules.length > 0 || series.dates.length > 0 || series.overrides.length > 0;
}

function readMembers(members: readonly Component[], calendar: Component): Series {
  const master = members.find((member) => propertyOf(member, 'RECURRENCE-ID') === null) ?? null;
  const overrides: Override[] = [];
  for (const member of members) {
    const line = propertyOf(member, 'RECURRENCE-ID');
    if (line === null) continue;
    overrides.push({
      component: member,
      recurrenceId: momentOfLine(line, calendar),
      isForFuture: parameterOf(line, 'RANGE')?.toUpperCase() === 'THISANDFUTURE',
      timing: timingOf(member, calendar),
    });
  }
  return {
    kind: members[0]!.name,
    master,
    timing: master === null ? null : timingOf(master, calendar),
    rules: master === null ? [] : rulesOf(master),
    dates: master === null ? [] : datesOf(master, calendar),
    exceptions: master === null ? [] : exceptionsOf(master, calendar),
    overrides,
  };
}

function rulesOf(master: Component): RecurrenceRule[] {
  const lines = propertiesOf(master, 'RRULE');
  if (lines.length > MAX_RULES) {
    throw new ContentSyntaxError(`${lines.length} recurrence rules in one component`, lines[MAX_RULES]!.line);
  }
  return lines
    .map((line) => parseRecurrenceRule(line.value, line.line))
    .filter((rule) => rule.unsupported.length === 0);
}

function datesOf(master: Component, calendar: Component): Series['dates'] {
  return propertiesOf(master, 'RDATE')
    .filter((line) => line.value.trim() !== '')
    .flatMap(parseDateOrPeriodList)
    .map((value) =>
      'start' in value
        ? { start: momentOf(value.start, calendar), length: periodLength(value, calendar) }
        : { start: momentOf(value, calendar), length: null },
    );
}

function exceptionsOf(master: Component, calendar: Component): Moment[] {
  return propertiesOf(master, 'EXDATE')
    .filter((line) => line.value.trim() !== '')
    .flatMap(parseDateTimeList)
    .map((value) => momentOf(value, calendar));
}
