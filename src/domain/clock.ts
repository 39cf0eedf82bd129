/** Time, timers and randomness are given, never taken, so that a history replays exactly. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds since some moment, never set back or forth: for how long something lasts in this process. */
  elapsed(): number;
  /** Calls back once after `ms`; the function returned cancels it. Never keeps the process alive. */
  after(ms: number, callback: () => void): () => void;
}

/** Fills and returns an array of `length` random bytes. */
export type RandomBytes = (length: number) => Uint8Array;
