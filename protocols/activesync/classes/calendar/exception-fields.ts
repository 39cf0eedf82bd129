import type { Override } from '../../../../src/domain/calendar/series.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { type Binding, sameFields } from '../binding.ts';
import { compactDate, isWritableDate } from '../dates.ts';
import { type Field, field, findField } from '../field.ts';
import type { RenderOptions } from '../options.ts';
import { isAtLeast } from '../version.ts';
import { exceptionBindings } from './event-bindings.ts';
import { type EventTimes, type EventView, instantsOf, seriesStart, timesOf } from './event-view.ts';
import { occurrenceAt } from './find-occurrence.ts';
import { RESPONSE_BINDING } from './meeting-bindings.ts';

/** MS-ASCAL §2.2.2.21: at most 256; the latest are those that people still look at. */
const MOST_EXCEPTIONS = 256;

/** An exception that is rendered only when it is among those that are shown: a series may hold tens of thousands. */
interface Candidate {
  /** Original start, UTC seconds; of a date among times, about. */
  readonly at: number;
  /** Null for what is none, or cannot be told. */
  render(): Exception | null;
}

interface Exception {
  /** Original start, UTC seconds. */
  readonly at: number;
  readonly fields: readonly Field[];
}

/** The Exceptions element; nothing for an event without any. */
export function exceptionFields(view: EventView, options: RenderOptions): Field[] {
  if (view.series === null) return [];
  const candidates = [...changedOccurrences(view, options), ...deletedOccurrences(view)];
  const shown = new Map<number, Exception>();
  for (const candidate of candidates.sort((a, b) => b.at - a.at)) {
    if (shown.size === MOST_EXCEPTIONS) break;
    const exception = candidate.render();
    if (exception !== null && !shown.has(exception.at)) shown.set(exception.at, exception);
  }
  if (shown.size === 0) return [];
  const inOrder = [...shown.values()].sort((a, b) => a.at - b.at);
  return [
    field(
      'Calendar:Exceptions',
      inOrder.map(({ fields }) => field('Calendar:Exception', fields)),
    ),
  ];
}

function deletedOccurrences(view: EventView): Candidate[] {
  const { zone } = seriesStart(view);
  const replaced = new Set(view.series!.overrides.map((override) => originalStart(view, override)));
  return view.series!.exceptions.map((moment) => ({
    at: (moment.zone ?? zone).toUtc(moment.local),
    render() {
      // What names no occurrence hides nothing.
      const local = occurrenceAt(view, moment);
      if (local === null) return null;
      const at = zone.toUtc(local);
      if (replaced.has(at) || !isWritableDate(at)) return null;
      const fields = [field('Calendar:Deleted', '1'), field('Calendar:ExceptionStartTime', compactDate(at))];
      return { at, fields };
    },
  }));
}

function changedOccurrences(view: EventView, options: RenderOptions): Candidate[] {
  return view.series!.overrides.map((override) => {
    const at = originalStart(view, override);
    return {
      at,
      render() {
        const fields = overrideFields(view, override, options);
        return fields === null ? null : { at, fields };
      },
    };
  });
}

/** Fields of one Exception: what differs from the master, an empty element for what it lacks. */
function overrideFields(view: EventView, override: Override, options: RenderOptions): Field[] | null {
  const at = originalStart(view, override);
  const times = overrideTimes(view, override);
  const { start, end } = instantsOf(times, view.zone);
  if (![at, start, end].every(isWritableDate)) return null;
  const isAllDay =
    times.isAllDay === view.times.isAllDay ? [] : [field('Calendar:AllDayEvent', times.isAllDay ? '1' : '0')];
  return [
    field('Calendar:ExceptionStartTime', compactDate(at)),
    ...isAllDay,
    field('Calendar:StartTime', compactDate(start)),
    field('Calendar:EndTime', compactDate(end)),
    ...exceptionBindings(options.version).flatMap((binding) =>
      differingFields(binding, override.component, view.event, options),
    ),
    ...ownAnswer(override.component, view.event, options),
  ];
}

/** The person's answer to one occurrence, where it is another than that to the series (MS-ASCAL §2.2.2.2, §2.2.2.39). */
function ownAnswer(override: Component, master: Component, options: RenderOptions): Field[] {
  const inherited = RESPONSE_BINDING.read(master, options);
  return RESPONSE_BINDING.read(override, options).filter(
    ({ name, value }) => findField(inherited, name)?.value !== value,
  );
}

/** What of a binding an override says in another way than its master. */
export function differingFields(
  binding: Binding<Component>,
  override: Component,
  master: Component,
  options: RenderOptions,
): Field[] {
  const own = shownFields(binding, override, master, options);
  const inherited = binding.read(master, options);
  if (sameFields(own, inherited, binding.defaults)) return [];
  return binding.names.flatMap((name) => {
    const found = findField(own, name);
    if (found !== null) return [found];
    return findField(inherited, name) === null ? [] : [field(name, '')];
  });
}

/** What a client takes an override to say: that of its master where it lacks what the version cannot take away. */
export function shownFields(
  binding: Binding<Component>,
  override: Component,
  master: Component,
  options: RenderOptions,
): Field[] {
  const own = binding.read(override, options);
  const { emptySince } = binding;
  const isLacking = own.length === 0 && emptySince !== undefined && !isAtLeast(options.version, emptySince);
  return isLacking ? binding.read(master, options) : own;
}

/** UTC second of the original start. A date among times means the occurrence of that day. */
export function originalStart(view: EventView, { recurrenceId }: Override): number {
  const { zone } = seriesStart(view);
  const named = recurrenceId.isDate && !view.times.isAllDay ? occurrenceAt(view, recurrenceId) : null;
  return named === null ? (recurrenceId.zone ?? zone).toUtc(recurrenceId.local) : zone.toUtc(named);
}

/** Times of an override; one that says none has those of the occurrence it replaces. */
export function overrideTimes(view: EventView, override: Override): EventTimes {
  const own = timesOf(override.component, view.calendar, view.zone);
  return own ?? occurrenceTimes(view, originalStart(view, override));
}

/** Times of the unchanged occurrence that starts at this UTC second. */
export function occurrenceTimes(view: EventView, at: number): EventTimes {
  const { isAllDay, start, end } = view.times;
  const from = isAllDay ? at + view.zone.offsetAt(at) : at;
  return { isAllDay, start: from, end: from + (end - start) };
}
