import type { Clock } from '../../src/domain/clock.ts';

/** A clock that stands still until told: `advance` runs what is due, in order of time. */
export interface FakeClock extends Clock {
  advance(ms: number): void;
  /** As an administrator or NTP may: nothing runs, timers keep their hour. */
  turnBack(ms: number): void;
  readonly pending: number;
}

export function fakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start;
  const timers = new Set<{ at: number; callback: () => void }>();
  return {
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = [...timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers.delete(due);
        now = Math.max(now, due.at);
        due.callback();
      }
      now = end;
    },
    turnBack(ms) {
      now -= ms;
    },
    get pending() {
      return timers.size;
    },
  };
}
