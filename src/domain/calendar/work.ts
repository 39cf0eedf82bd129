import { GatewayError } from '../errors.ts';

/**
 * What one computation may still cost, in days looked at (or steps shorter than a day). Shared by everything that is done
 * for one object, so that many cheap parts cannot add up to one that holds all other people's requests.
 */
export interface Work {
  /** @throws GatewayError too-many-results when nothing is left */
  spend(days: number): void;
}

/** Days one walk over a series may look at: a rule of each frequency over all years, and again. Some 50 ms. */
export const SERIES_WORK = 1_000_000;

export function createWork(limit: number): Work {
  let left = limit;
  return {
    spend(days) {
      left -= days;
      if (left < 0) throw new GatewayError('too-many-results', { limit });
    },
  };
}
