import type { Zone } from '../../../src/domain/calendar/zone.ts';
import type { Principal } from '../../../src/domain/principal.ts';
import type { ClassVersion } from '../classes/version.ts';
import type { Quirks } from '../quirks.ts';
import type { CollectionOptions } from './options.ts';

/** For whom items are translated, and how that device wants them. */
export interface ClientView {
  readonly principal: Principal;
  readonly version: ClassVersion;
  readonly options: CollectionOptions;
  /** The person's zone: see `personZone`. */
  readonly zone: Zone;
  /** Addresses of the person, lower case. */
  readonly addresses: readonly string[];
  /** Where the device's program differs from the documents (`quirksOf`). */
  readonly quirks?: Quirks;
}
