import type { Component, ContentLine } from '../../formats/content-line/content-line.ts';
import { makeComponent, withChildren, withProperty } from '../../formats/content-line/edit.ts';
import { componentsOf, isComponent, propertiesOf, propertyOf } from '../../formats/content-line/lookup.ts';
import { serializeComponent } from '../../formats/content-line/serialize.ts';
import { dateTimeLine } from '../../formats/icalendar/date-time.ts';
import { GatewayError } from '../errors.ts';
import { UTC } from './iana-zone.ts';
import { type Moment, utcOf, valueOfLocal } from './moment.ts';
import { type Occurrence, type OccurrenceOptions, occurrencesOf, type TimeRange } from './occurrences.ts';
import { toLocal, type Zone } from './zone.ts';

/** Bytes that one object may be expanded to. */
const MAX_EXPANDED_BYTES = 32 * 1024 * 1024;

/** What describes the series and not one occurrence. EXRULE is of RFC 2445. */
const SERIES_PROPERTIES: ReadonlySet<string> = new Set(['RRULE', 'RDATE', 'EXDATE', 'EXRULE', 'RECURRENCE-ID']);

/**
 * RFC 4791 §9.6.5: each occurrence in the range as a component of its own, zoned times in UTC, without recurrence
 * properties and VTIMEZONE; those of a series carry RECURRENCE-ID. Dates stay dates and floating times floating.
 * @throws GatewayError too-many-results; ContentSyntaxError for values that cannot be read
 */
export function expandCalendar(calendar: Component, range: TimeRange, options: OccurrenceOptions): Component {
  const found = occurrencesOf(calendar, range, options);
  checkSize(found);
  const occurrences = found.map((occurrence) => writeOccurrence(occurrence, options.floatingZone));
  // Free-busy objects do not recur, their times are in UTC already; tasks without dates are the same in every range.
  const others = componentsOf(calendar).filter(
    (component) => component.name === 'VFREEBUSY' || isUndatedTask(component),
  );
  return withChildren(calendar, [...propertiesOf(calendar), ...occurrences, ...others]);
}

/** Every occurrence repeats its component: a few bytes of rule would make gigabytes of a large one. */
function checkSize(occurrences: readonly Occurrence[]): void {
  const sizes = new Map<Component, number>();
  let total = 0;
  for (const { component } of occurrences) {
    const size = sizes.get(component) ?? serializeComponent(component).length;
    sizes.set(component, size);
    total += size;
    if (total > MAX_EXPANDED_BYTES) throw new GatewayError('too-many-results', { limit: MAX_EXPANDED_BYTES });
  }
}

function isUndatedTask(component: Component): boolean {
  return (
    component.name === 'VTODO' &&
    ['DTSTART', 'DUE', 'RECURRENCE-ID'].every((name) => propertyOf(component, name) === null)
  );
}

function writeOccurrence(occurrence: Occurrence, floatingZone: Zone): Component {
  const { component, startMoment, recurrenceId } = occurrence;
  const endName = component.name === 'VTODO' ? 'DUE' : 'DTEND';
  const children: (ContentLine | Component)[] = [];
  for (const child of component.children) {
    if (isComponent(child) || !SERIES_PROPERTIES.has(child.name)) {
      const line = isComponent(child) ? child : writeLine(child, occurrence, endName, floatingZone);
      children.push(line);
    }
  }
  let written = makeComponent(component.name, children);
  if (recurrenceId !== null) {
    const utc = utcOf(recurrenceId, floatingZone);
    written = withProperty(written, momentLine('RECURRENCE-ID', recurrenceId, utc, [], floatingZone));
  }
  // An override may leave its time to the occurrence it replaces, whose series is not in the answer.
  if (propertyOf(component, 'DTSTART') === null && component.name !== 'VTODO') {
    written = withProperty(written, momentLine('DTSTART', startMoment, occurrence.start, [], floatingZone));
  }
  return written;
}

function writeLine(line: ContentLine, occurrence: Occurrence, endName: string, floatingZone: Zone): ContentLine {
  const { startMoment, start, end } = occurrence;
  const others = line.parameters.filter(({ name }) => name !== 'TZID' && name !== 'VALUE');
  if (line.name === 'DTSTART') return momentLine('DTSTART', startMoment, start, others, floatingZone);
  // A nominal duration would mean another length in UTC: the end is written instead.
  if (line.name === endName || line.name === 'DURATION')
    return momentLine(endName, startMoment, end, others, floatingZone);
  return line;
}

/** Writes an instant in the manner of `kind`: as date, floating, or UTC where it has a zone. */
function momentLine(
  name: string,
  kind: Moment,
  utc: number,
  parameters: ContentLine['parameters'],
  floatingZone: Zone,
): ContentLine {
  if (kind.zone !== null) return dateTimeLine(name, valueOfLocal(toLocal(UTC, utc), 'utc'), parameters);
  const local = toLocal(floatingZone, utc);
  return dateTimeLine(name, valueOfLocal(local, kind.isDate ? 'date' : 'floating'), parameters);
}
