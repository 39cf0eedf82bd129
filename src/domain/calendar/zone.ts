import { yearOf, yearStart } from './civil.ts';

/** One change of a zone's offset. All in seconds. */
export interface Transition {
  /** UTC second from which `after` holds. */
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** A time zone. UTC and local times are whole seconds since 1970; offsets are seconds east of UTC. */
export interface Zone {
  /** IANA name, or the TZID of a private zone. */
  readonly id: string;
  /** True when the rules come from an object's own VTIMEZONE or a phone's blob, not from IANA data. */
  readonly isPrivate: boolean;
  offsetAt(utcSeconds: number): number;
  /**
   * UTC second of a wall-clock reading. RFC 5545 §3.3.5: a time that does not exist is read with the offset before the
   * gap, a time that happens twice means the first.
   */
  toUtc(localSeconds: number): number;
  /** Changes with `from <= at < to`, in order. */
  transitions(from: number, to: number): readonly Transition[];
}

/** What a source of zone data tells about one year: the offset at its start (UTC) and the changes within it. */
export interface ZoneYear {
  readonly offsetAtStart: number;
  readonly transitions: readonly Transition[];
}

/** Years outside are answered with the offset at the border: IANA data says nothing before, our rules end before. */
const FIRST_YEAR = 1800;
const LAST_YEAR = 2400;
/** More than any offset ever used (Juneau and Manila, before they crossed the date line, had almost 16 hours). */
const WIDEST = 26 * 3_600;

/** Makes a zone from a source of years; every year is asked for once and kept. */
export function zoneOfYears(id: string, isPrivate: boolean, readYear: (year: number) => ZoneYear): Zone {
  return new YearlyZone(id, isPrivate, readYear);
}

class YearlyZone implements Zone {
  readonly id: string;
  readonly isPrivate: boolean;
  readonly #readYear: (year: number) => ZoneYear;
  readonly #years = new Map<number, ZoneYear>();
  // The stretch of constant offset that was asked for last: most look-ups fall into it again.
  #from = 1;
  #to = 0;
  #offset = 0;

  constructor(id: string, isPrivate: boolean, readYear: (year: number) => ZoneYear) {
    this.id = id;
    this.isPrivate = isPrivate;
    this.#readYear = readYear;
  }

  offsetAt(utcSeconds: number): number {
    if (utcSeconds >= this.#from && utcSeconds < this.#to) return this.#offset;
    const number = Math.min(Math.max(yearOf(utcSeconds), FIRST_YEAR), LAST_YEAR);
    const year = this.#year(number);
    let from = yearStart(number);
    let to = yearStart(number + 1);
    let offset = year.offsetAtStart;
    for (const transition of year.transitions) {
      if (transition.at > utcSeconds) {
        to = transition.at;
        break;
      }
      from = transition.at;
      offset = transition.after;
    }
    if (utcSeconds < from || utcSeconds >= to) return offset;
    this.#from = from;
    this.#to = to;
    this.#offset = offset;
    return offset;
  }

  toUtc(localSeconds: number): number {
    const earliest = this.offsetAt(localSeconds - WIDEST);
    const near = this.transitions(localSeconds - WIDEST, localSeconds + WIDEST);
    if (near.length === 0) return localSeconds - earliest;
    let from = Number.NEGATIVE_INFINITY;
    let offset = earliest;
    for (const transition of near) {
      const utc = localSeconds - offset;
      if (utc >= from && utc < transition.at) return utc;
      // Beyond this change by the old offset, before it by the new one: inside the gap.
      if (utc >= transition.at && localSeconds - transition.after < transition.at) return utc;
      from = transition.at;
      offset = transition.after;
    }
    return localSeconds - offset;
  }

  transitions(from: number, to: number): readonly Transition[] {
    const first = Math.max(yearOf(from), FIRST_YEAR);
    const last = Math.min(yearOf(to), LAST_YEAR);
    const found: Transition[] = [];
    for (let number = first; number <= last; number += 1) {
      for (const transition of this.#year(number).transitions) {
        if (transition.at >= from && transition.at < to) found.push(transition);
      }
    }
    return found;
  }

  #year(number: number): ZoneYear {
    let year = this.#years.get(number);
    if (year === undefined) {
      year = this.#readYear(number);
      this.#years.set(number, year);
    }
    return year;
  }
}

/** Puts onsets in order, gives each the offset before it and drops those that change nothing. */
export function orderTransitions(
  onsets: readonly { readonly at: number; readonly after: number }[],
  offsetBefore: number,
): Transition[] {
  const sorted = [...onsets].sort((a, b) => a.at - b.at);
  const transitions: Transition[] = [];
  let before = offsetBefore;
  for (const [position, onset] of sorted.entries()) {
    if (sorted[position + 1]?.at === onset.at || onset.after === before) continue;
    transitions.push({ at: onset.at, before, after: onset.after });
    before = onset.after;
  }
  return transitions;
}

/** Wall-clock reading of a UTC second. */
export function toLocal(zone: Zone, utcSeconds: number): number {
  return utcSeconds + zone.offsetAt(utcSeconds);
}

/** Reads one year out of a list of all transitions. */
export function yearFromList(list: readonly Transition[], offsetBeforeAll: number, year: number): ZoneYear {
  const from = yearStart(year);
  const to = yearStart(year + 1);
  let offsetAtStart = offsetBeforeAll;
  const transitions: Transition[] = [];
  for (const transition of list) {
    if (transition.at >= to) break;
    if (transition.at < from) offsetAtStart = transition.after;
    else transitions.push(transition);
  }
  return { offsetAtStart, transitions };
}

/** How far a floating time can lie from UTC: it counts 14 hours to both sides. */
export const FLOATING_MARGIN = 14 * 3_600;
