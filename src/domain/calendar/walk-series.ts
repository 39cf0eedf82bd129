import { GatewayError } from '../errors.ts';
import { DAY_SECONDS, dayOf, yearStart } from './civil.ts';
import { endOf, type Length, longest, type Timing } from './component-timing.ts';
import { expandRule, LAST_RULE_YEAR } from './expand-rule.ts';
import { type Moment, utcOf } from './moment.ts';
import type { Occurrence, TimeRange } from './occurrences.ts';
import { untilTest } from './rule-until.ts';
import { isRecurring, type Override, type Series } from './series.ts';
import { createWork, SERIES_WORK } from './work.ts';
import { toLocal, type Zone } from './zone.ts';

/** Originals one walk may look at: 200 years of days and more; only rules of minutes and seconds have so many. */
const MAX_WALKED = 200_000;
/** Slack between UTC and local borders: no zone changes its offset by more than a day. */
const SLACK = DAY_SECONDS;
const EARLIEST = yearStart(1);
const LATEST = yearStart(LAST_RULE_YEAR + 1);

/**
 * Every occurrence that may overlap the range (and some beside it: the caller asks exactly), in no order, one at a time so
 * that a caller who needs only one can stop. Overrides come first, then what DTSTART, RRULE and RDATE say less EXDATE.
 * @throws GatewayError too-many-results when it would take too long
 */
export function* walkSeries(series: Series, range: TimeRange, floatingZone: Zone): Generator<Occurrence, void> {
  const walk = new SeriesWalk(series, floatingZone);
  yield* walk.replacements();
  yield* walk.instances(range);
}

/** The first part of `walkSeries` alone: what overrides stand for at their own times. */
export function walkOverrides(series: Series, floatingZone: Zone): Generator<Occurrence, void> {
  return new SeriesWalk(series, floatingZone).replacements();
}

interface Instance {
  readonly start: Moment;
  readonly length: Length | null;
}

class SeriesWalk {
  readonly #series: Series;
  readonly #floatingZone: Zone;
  /** Instants, and days for values that name a whole day, that were replaced or taken out. */
  readonly #takenInstants = new Set<number>();
  readonly #takenDays = new Set<number>();
  /** RANGE=THISANDFUTURE overrides, latest first. */
  readonly #shifts: { readonly from: number; readonly override: Override }[];

  constructor(series: Series, floatingZone: Zone) {
    this.#series = series;
    this.#floatingZone = floatingZone;
    for (const exception of series.exceptions) this.#take(exception);
    for (const override of series.overrides) this.#take(override.recurrenceId);
    this.#shifts = series.overrides
      .filter((override) => override.isForFuture)
      .map((override) => ({ from: this.#instantOf(override.recurrenceId), override }))
      .sort((a, b) => b.from - a.from);
  }

  /** Each override at its own time; one that says none stays at the time of the occurrence it replaces. */
  *replacements(): Generator<Occurrence, void> {
    const { timing } = this.#series;
    for (const override of this.#series.overrides) {
      const fallback: Timing = {
        start: this.#inSeriesZone(override.recurrenceId),
        length: timing?.length ?? { days: 0, seconds: 0 },
      };
      yield this.#occurrence(override.component, override.timing ?? fallback, override.recurrenceId);
    }
  }

  *instances(range: TimeRange): Generator<Occurrence, void> {
    const { master, timing } = this.#series;
    if (master === null || timing === null) return;
    if (!isRecurring(this.#series)) {
      yield this.#occurrence(master, timing, null);
      return;
    }
    const seen = new Set<number>();
    let walked = 0;
    for (const instance of this.#originals(timing, range)) {
      walked += 1;
      if (walked > MAX_WALKED) throw new GatewayError('too-many-results', { limit: MAX_WALKED });
      const instant = utcOf(instance.start, this.#floatingZone);
      if (seen.has(instant) || this.#isTaken(instance.start, instant)) continue;
      seen.add(instant);
      yield this.#placed(instance, instant, timing);
    }
  }

  /** DTSTART, RDATE and, near the range, what the rules yield. */
  *#originals(timing: Timing, range: TimeRange): Generator<Instance, void> {
    const { start } = timing;
    for (const date of this.#series.dates) yield { start: this.#asInstance(date.start), length: date.length };
    yield { start, length: null };
    const zone = start.zone ?? this.#floatingZone;
    const reach = this.#reach(timing);
    const from = toLocal(zone, clamp(range.start - reach)) - SLACK;
    const to = toLocal(zone, clamp(range.end + reach)) + SLACK;
    const work = createWork(SERIES_WORK);
    for (const rule of this.#series.rules) {
      const isPast = untilTest(rule, start.isDate, (local) => zone.toUtc(local));
      for (const local of expandRule(rule, start.local, { from, isPast, work })) {
        if (local >= to) break;
        yield { start: { ...start, local }, length: null };
      }
    }
  }

  /** How far from its original start an occurrence can still matter. */
  #reach(timing: Timing): number {
    let reach = longest(timing.length);
    for (const { override } of this.#shifts) {
      if (override.timing === null) continue;
      const moved = Math.abs(override.timing.start.local - this.#inSeriesZone(override.recurrenceId).local);
      reach = Math.max(reach, longest(override.timing.length) + moved + SLACK);
    }
    return reach;
  }

  /** RFC 5545 §3.8.4.4: THISANDFUTURE moves later occurrences by as much as it moved its own, with its own length. */
  #placed(instance: Instance, instant: number, timing: Timing): Occurrence {
    const shift = this.#shiftAt(instant);
    const own = shift?.override.timing ?? null;
    const component = shift?.override.component ?? this.#series.master!;
    if (shift === undefined || own === null) {
      return this.#occurrence(
        component,
        { start: instance.start, length: instance.length ?? timing.length },
        instance.start,
      );
    }
    const moved = own.start.local - this.#inZoneOf(own.start, shift.override.recurrenceId).local;
    const base = this.#inZoneOf(own.start, instance.start);
    return this.#occurrence(
      component,
      { start: { ...own.start, local: base.local + moved }, length: own.length },
      instance.start,
    );
  }

  /** The latest shift that begins at or before the instant. Asked for every occurrence, so not by looking at each. */
  #shiftAt(instant: number): { readonly override: Override } | undefined {
    let [low, high] = [0, this.#shifts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#shifts[middle]!.from <= instant) high = middle;
      else low = middle + 1;
    }
    return this.#shifts[low];
  }

  #occurrence(component: Occurrence['component'], timing: Timing, recurrenceId: Moment | null): Occurrence {
    return {
      recurrenceId,
      startMoment: timing.start,
      start: utcOf(timing.start, this.#floatingZone),
      end: endOf(timing.start, timing.length, this.#floatingZone),
      allDay: timing.start.isDate,
      hasUnknownZone: timing.start.hasUnknownZone,
      component,
    };
  }

  #take(moment: Moment): void {
    const start = this.#series.timing?.start;
    // EXDATE;VALUE=DATE beside a timed series takes that whole day; a time beside a series of dates means its day.
    if (start !== undefined && (moment.isDate || start.isDate)) this.#takenDays.add(dayOf(moment.local));
    else this.#takenInstants.add(this.#instantOf(moment));
  }

  #isTaken(start: Moment, instant: number): boolean {
    return this.#takenInstants.has(instant) || this.#takenDays.has(dayOf(start.local));
  }

  /** A value without zone beside a zoned series is read in the series' zone. */
  #inSeriesZone(moment: Moment): Moment {
    const start = this.#series.timing?.start;
    return start === undefined ? moment : this.#asInstance(moment);
  }

  #asInstance(moment: Moment): Moment {
    const start = this.#series.timing!.start;
    if (start.isDate) return { ...start, local: dayOf(moment.local) * DAY_SECONDS };
    if (moment.isDate) return { ...start, local: moment.local + (start.local - dayOf(start.local) * DAY_SECONDS) };
    return moment.zone === null ? { ...start, local: moment.local } : moment;
  }

  #instantOf(moment: Moment): number {
    return utcOf(this.#inSeriesZone(moment), this.#floatingZone);
  }

  /** The same instant on the wall clock of another moment's zone. */
  #inZoneOf(target: Moment, moment: Moment): Moment {
    const inSeries = this.#inSeriesZone(moment);
    if (target.isDate || inSeries.zone === target.zone) return { ...target, local: inSeries.local };
    const zone = target.zone ?? this.#floatingZone;
    return { ...target, local: toLocal(zone, utcOf(inSeries, this.#floatingZone)) };
  }
}

function clamp(seconds: number): number {
  return Math.min(Math.max(seconds, EARLIEST), LATEST);
}
