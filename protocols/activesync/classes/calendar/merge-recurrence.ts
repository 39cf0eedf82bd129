import { momentOf } from '../../../../src/domain/calendar/moment.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { replaceChild, setProperties } from '../../../../src/formats/content-line/edit.ts';
import { makeLine } from '../../../../src/formats/content-line/line.ts';
import { componentsOf, propertiesOf, propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { type DateTimeValue, dateTimeLine, parseDateTimeList } from '../../../../src/formats/icalendar/date-time.ts';
import { editProperties } from '../../../../src/formats/icalendar/edit-properties.ts';
import { parseRecurrenceRule } from '../../../../src/formats/icalendar/parse-recurrence-rule.ts';
import { formatRecurrenceRule } from '../../../../src/formats/icalendar/recurrence-rule.ts';
import { isGhosted } from '../binding.ts';
import { ClassDataError } from '../class-error.ts';
import { type ApplicationData, childrenOf, type Field } from '../field.ts';
import type { MergeOptions } from '../options.ts';
import { patternFields, readPattern, samePattern } from '../recurrence/pattern.ts';
import { patternToRule } from '../recurrence/pattern-to-rule.ts';
import { forVersion } from '../version.ts';
import { type EventView, seriesStart, viewEvent } from './event-view.ts';
import { occurrenceAt } from './find-occurrence.ts';
import { shownPattern } from './shown-pattern.ts';

const ELEMENT = 'Calendar:Recurrence';
const RULES = ['RRULE', 'RDATE', 'EXRULE'];

/**
 * The calendar with the recurrence a client wants. A rule, however exotic, is replaced only when the client sent another
 * pattern than it was shown; taken away when it sent none where it was shown one.
 * @param before The event as the client was shown it; null for a new one.
 */
export function mergeRecurrence(
  calendar: Component,
  before: EventView | null,
  fields: ApplicationData,
  options: MergeOptions,
): Component {
  const given = childrenOf(fields, ELEMENT);
  const shown = before === null ? null : shownPattern(before);
  if (given === null && (shown === null || isGhosted(ELEMENT, options))) return calendar;
  const view = viewEvent(calendar, options.zone)!;
  if (given === null || given.length === 0) return shown === null ? calendar : withoutSeries(view);
  if (before !== null && before.series === null) {
    throw new ClassDataError(ELEMENT, 'one occurrence of a series does not recur by itself');
  }
  const pattern = readPattern(given, 'Calendar');
  if (shown !== null && samePattern(pattern, knownPart(shown, options))) return calendar;
  const value = formatRecurrenceRule(patternToRule(pattern, seriesStart(view), view.form.kind, weekStart(view)));
  const line = makeLine({ name: 'RRULE', value });
  const event = editProperties(view.event, { set: [line], remove: ['RDATE', 'EXRULE'] });
  return withoutStrays(replaceChild(calendar, view.event, event), options);
}

/** What of a pattern the version can say. */
function knownPart(pattern: NonNullable<ReturnType<typeof shownPattern>>, options: MergeOptions) {
  const fields: Field[] = forVersion(patternFields(pattern, 'Calendar'), options.version);
  return readPattern(fields, 'Calendar');
}

function weekStart(view: EventView) {
  const line = propertyOf(view.event, 'RRULE');
  return line === null ? undefined : parseRecurrenceRule(line.value).wkst;
}

/** One event at the start of the series. */
function withoutSeries(view: EventView): Component {
  const event = editProperties(view.event, { remove: [...RULES, 'EXDATE'] });
  const calendar = replaceChild(view.calendar, view.event, event);
  return componentsOf(calendar, 'VEVENT')
    .filter((component) => propertyOf(component, 'RECURRENCE-ID') !== null)
    .reduce((result, override) => replaceChild(result, override, null), calendar);
}

/** A new rule: exceptions that name none of its occurrences are gone with the old one. */
function withoutStrays(calendar: Component, options: MergeOptions): Component {
  const view = viewEvent(calendar, options.zone)!;
  let result = calendar;
  for (const { component, recurrenceId } of view.series!.overrides) {
    if (occurrenceAt(view, recurrenceId) === null) result = replaceChild(result, component, null);
  }
  const lines = propertiesOf(view.event, 'EXDATE').filter((line) => line.value.trim() !== '');
  const values: DateTimeValue[] = lines.flatMap(parseDateTimeList);
  const kept = values.filter((value) => occurrenceAt(view, momentOf(value, calendar)) !== null);
  if (kept.length === values.length) return result;
  const made = kept.map((value) => dateTimeLine('EXDATE', value));
  return replaceChild(result, view.event, setProperties(view.event, 'EXDATE', made));
}
