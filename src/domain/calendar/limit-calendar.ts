import type { Component, ContentLine } from '../../formats/content-line/content-line.ts';
import { withChildren } from '../../formats/content-line/edit.ts';
import { withValue } from '../../formats/content-line/line.ts';
import { isComponent } from '../../formats/content-line/lookup.ts';
import { dateTimeParameters } from '../../formats/icalendar/date-time.ts';
import { parsePeriod } from '../../formats/icalendar/period.ts';
import { endOf, type Length, periodLength } from './component-timing.ts';
import { type Moment, momentOf, utcOf } from './moment.ts';
import { overlaps, type TimeRange } from './occurrences.ts';
import { type Override, readSeries, type Series } from './series.ts';
import type { Zone } from './zone.ts';

/**
 * RFC 4791 §9.6.6: the master and of the overrides only those that matter in the range: by their own time, by the time
 * they replace, or as RANGE=THISANDFUTURE by beginning before its end. Everything else stays as written.
 * @throws ContentSyntaxError for values that cannot be read
 */
export function limitRecurrenceSet(calendar: Component, range: TimeRange, floatingZone: Zone): Component {
  const dropped = new Set<Component>();
  for (const series of readSeries(calendar)) {
    for (const override of series.overrides) {
      if (!matters(override, series, range, floatingZone)) dropped.add(override.component);
    }
  }
  return withChildren(
    calendar,
    calendar.children.filter((child) => !isComponent(child) || !dropped.has(child)),
  );
}

function matters(override: Override, series: Series, range: TimeRange, floatingZone: Zone): boolean {
  const masterLength = series.timing?.length ?? { days: 0, seconds: 0 };
  const original = spanOf(override.recurrenceId, masterLength, floatingZone);
  const own = override.timing === null ? original : spanOf(override.timing.start, override.timing.length, floatingZone);
  if (overlaps(original, range) || overlaps(own, range)) return true;
  return override.isForFuture && Math.min(original.start, own.start) < range.end;
}

function spanOf(start: Moment, length: Length, floatingZone: Zone): { start: number; end: number } {
  return { start: utcOf(start, floatingZone), end: endOf(start, length, floatingZone) };
}

/**
 * RFC 4791 §9.6.7: only those FREEBUSY periods that overlap the range; a property left without any goes.
 * @throws ContentSyntaxError for values that cannot be read
 */
export function limitFreeBusySet(calendar: Component, range: TimeRange, floatingZone: Zone): Component {
  return withChildren(
    calendar,
    calendar.children.map((child) => {
      if (!isComponent(child) || child.name !== 'VFREEBUSY') return child;
      return withChildren(
        child,
        child.children.flatMap((part) => {
          if (isComponent(part) || part.name !== 'FREEBUSY') return [part];
          return limitLine(part, calendar, range, floatingZone);
        }),
      );
    }),
  );
}

function limitLine(line: ContentLine, calendar: Component, range: TimeRange, floatingZone: Zone): ContentLine[] {
  const texts = line.value.split(',').filter((text) => text.trim() !== '');
  const kept = texts.filter((text) => {
    const period = parsePeriod(text, dateTimeParameters(line));
    return overlaps(spanOf(momentOf(period.start, calendar), periodLength(period, calendar), floatingZone), range);
  });
  if (kept.length === 0) return [];
  return [kept.length === texts.length ? line : withValue(line, kept.join(','))];
}
