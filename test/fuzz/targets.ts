import type { FuzzTarget } from './fuzz.ts';
import { icalendarTarget } from './icalendar.ts';

/** Every reader of bytes from outside: one line each. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  icalendarTarget,
  //
];
