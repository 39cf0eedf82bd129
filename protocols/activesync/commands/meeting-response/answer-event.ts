import type { MergedRequest } from '../../../../src/domain/calendar/merge-request.ts';
import { isOrganizedBy, type Participation, withParticipation } from '../../../../src/domain/calendar/participation.ts';
import type { Zone } from '../../../../src/domain/calendar/zone.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { replaceChild } from '../../../../src/formats/content-line/edit.ts';
import { componentsOf, propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { viewEvent } from '../../classes/calendar/event-view.ts';
import { originalStart } from '../../classes/calendar/exception-fields.ts';
import { withoutExdate } from '../../classes/calendar/merge-exceptions.ts';
import { dropOccurrence, findOccurrence, isRecurring, putOccurrence } from '../../classes/calendar/occurrence.ts';

/** Null: the event is to be removed. */
export type AnsweredEvent = Component | null | Unanswerable;

/** 'unusable': nothing that this person can answer. 'not-recurring': it has no occurrences. */
export type Unanswerable = 'unusable' | 'not-recurring';

/**
 * The calendar object with the person's answer: to all of it, to what a request was about, or to one occurrence. What is
 * declined goes out of the calendar.
 */
export function answerEvent(
  { calendar, events }: MergedRequest,
  occurrence: number | null,
  participation: Participation,
  zone: Zone,
): AnsweredEvent {
  const isUnusable = events.some(
    (event) =>
      isOrganizedBy(event, participation.addresses) || isCancelled(event) || propertyOf(event, 'ORGANIZER') === null,
  );
  if (isUnusable || events.length === 0) return 'unusable';
  if (occurrence !== null) return answerOccurrence(calendar, occurrence, participation, zone);
  if (participation.answer !== 'DECLINED') {
    return events.reduce((result, event) => withAnswer(result, event, participation, zone), calendar);
  }
  return events.length === componentsOf(calendar, 'VEVENT').length ? null : withoutEvents(calendar, events, zone);
}

function withAnswer(calendar: Component, event: Component, participation: Participation, zone: Zone): Component {
  const answered = withParticipation(event, participation);
  const result = replaceChild(calendar, event, answered);
  const view = viewEvent(result, zone);
  const override = view?.series?.overrides.find(({ component }) => component === answered);
  if (view === null || override === undefined) return result;
  // An occurrence that was declined before, and so struck out, takes place again.
  const master = withoutExdate(view, originalStart(view, override));
  return master === view.event ? result : replaceChild(result, view.event, master);
}

function isCancelled(event: Component): boolean {
  return propertyOf(event, 'STATUS')?.value.trim().toUpperCase() === 'CANCELLED';
}

function answerOccurrence(
  calendar: Component,
  occurrence: number,
  participation: Participation,
  zone: Zone,
): Component | Unanswerable {
  const view = viewEvent(calendar, zone);
  if (view !== null && !isRecurring(view)) return 'not-recurring';
  const found = view === null ? null : findOccurrence(view, occurrence);
  if (view === null || found === null) return 'unusable';
  if (participation.answer === 'DECLINED') return dropOccurrence(view, found);
  return putOccurrence(view, found, withParticipation(found.component, participation));
}

/** Occurrences of a series are struck out of it; those of somebody who was invited to no more just go. */
function withoutEvents(calendar: Component, events: readonly Component[], zone: Zone): Component {
  let result = calendar;
  for (const event of events) {
    const view = viewEvent(result, zone);
    const override = view?.series?.overrides.find(({ component }) => component === event);
    if (view === null || override === undefined) result = replaceChild(result, event, null);
    else result = dropOccurrence(view, { at: originalStart(view, override), override, component: event });
  }
  return result;
}
