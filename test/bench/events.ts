import ical, { ICalEventRepeatingFreq } from 'ical-generator';

/** One event in so many is a weekly series without end. */
const SERIES_EVERY = 100;

/**
 * One calendar of `size` events of a usual shape, spread over 2025 to 2027, one in a hundred a weekly series without
 * end, written by a program that is not ours.
 */
export function calendarFile(size: number): string {
  const calendar = ical({ prodId: '//causeway//bench//EN' });
  const step = (3 * 365 * 86_400_000) / size;
  for (let n = 0; n < size; n++) {
    const start = new Date(Date.UTC(2025, 0, 1) + Math.floor(n * step));
    calendar.createEvent({
      id: `bench-${n}`,
      start,
      end: new Date(start.getTime() + 3_600_000),
      summary: `Meeting number ${n} <planning & review>`,
      location: 'Room 4, second floor',
      description: 'Agenda: what was done, what is next, who needs help. Bring the figures of the last month.',
      ...(n % SERIES_EVERY === 0 && { repeating: { freq: ICalEventRepeatingFreq.WEEKLY } }),
    });
  }
  return calendar.toString();
}

export function eventText(uid: string, summary: string): string {
  const event = { id: uid, start: new Date(Date.UTC(2026, 5, 1)), end: new Date(Date.UTC(2026, 5, 1, 1)), summary };
  return ical({ prodId: '//causeway//bench//EN', events: [event] }).toString();
}
