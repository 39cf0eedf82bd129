import type { Override } from '../../../../src/domain/calendar/series.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { replaceChild } from '../../../../src/formats/content-line/edit.ts';
import { addOverride } from '../../../../src/formats/icalendar/edit-calendar.ts';
import { type EventView, seriesStart } from './event-view.ts';
import { occurrenceTimes } from './exception-fields.ts';
import { occurrenceAt } from './find-occurrence.ts';
import { meant, newOverride, withoutExdate, withoutOccurrence } from './merge-exceptions.ts';
import { writeTimes } from './write-times.ts';

/** One occurrence of a series that takes place. */
export interface FoundOccurrence {
  /** Its original start, UTC seconds. */
  readonly at: number;
  /** The override that is there; null: it is as the rule has it. */
  readonly override: Override | null;
  /** The occurrence as a component of its own: the override, or one made of the master. */
  readonly component: Component;
}

/** Whether there are occurrences to tell apart. */
export function isRecurring({ series }: EventView): boolean {
  return series !== null && series.rules.length + series.dates.length > 0;
}

/** The occurrence that a client means by an original start (UTC seconds); null for none, and for one that was deleted. */
export function findOccurrence(view: EventView, given: number): FoundOccurrence | null {
  if (view.series === null) return null;
  const { override, at } = meant(view, given);
  if (at === null) return null;
  if (override !== null) return { at, override, component: override.component };
  if (isDeleted(view, at)) return null;
  const times = occurrenceTimes(view, at);
  const how = {
    form: view.times.isAllDay ? { kind: 'utc' as const, tzid: null } : view.form,
    zone: view.zone,
    isReformed: false,
  };
  return { at, override: null, component: writeTimes(newOverride(view, at), null, times, how) };
}

function isDeleted(view: EventView, at: number): boolean {
  const { zone } = seriesStart(view);
  return view.series!.exceptions.some((moment) => {
    const local = occurrenceAt(view, moment);
    return local !== null && zone.toUtc(local) === at;
  });
}

/** The calendar with this occurrence as `component` has it. */
export function putOccurrence(view: EventView, found: FoundOccurrence, component: Component): Component {
  if (found.override !== null) return replaceChild(view.calendar, found.override.component, component);
  const event = withoutExdate(view, found.at);
  const calendar = event === view.event ? view.calendar : replaceChild(view.calendar, view.event, event);
  return addOverride(calendar, component);
}

/** The calendar without this occurrence. */
export function dropOccurrence(view: EventView, { override, at }: FoundOccurrence): Component {
  return withoutOccurrence(view, override, at);
}
