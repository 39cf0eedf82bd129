import type { Zone } from '../../../src/domain/calendar/zone.ts';
import { GatewayError } from '../../../src/domain/errors.ts';
import type { Principal } from '../../../src/domain/principal.ts';
import { ContentSyntaxError } from '../../../src/formats/content-line/syntax-error.ts';
import { ClassDataError } from '../classes/class-error.ts';
import type { ApplicationData, Field } from '../classes/field.ts';
import type { ClassVersion } from '../classes/version.ts';
import type { CollectionOptions } from './options.ts';

/** What a Sync command brings for one item. */
export interface ClassCommand {
  /** The decoded ApplicationData; none for a Delete. */
  readonly fields: ApplicationData;
  /** Of a Delete of mail: into Deleted Items (MS-ASCMD §2.2.3.45). Absent: true. */
  readonly deletesAsMoves?: boolean;
}

/** An item as the answer holds it. */
export interface RenderedItem {
  /** Bytes it takes in the answer, near enough. */
  readonly size: number;
  readonly fields: readonly Field[];
}

/** For whom items are translated, and how that device wants them. */
export interface ClientView {
  readonly principal: Principal;
  readonly version: ClassVersion;
  readonly options: CollectionOptions;
  /** The person's zone: see `personZone`. */
  readonly zone: Zone;
  /** Addresses of the person, lower case. */
  readonly addresses: readonly string[];
}

/** Does what may find a client's data wrong. @throws GatewayError 'content-invalid' for it */
export function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isDataError(error)) throw error;
    throw new GatewayError('content-invalid', { reason: error.message }, error.message);
  }
}

/** Errors of data, be it a client's or a stored object's that was never validated. */
export function isDataError(error: unknown): error is Error {
  return error instanceof ClassDataError || error instanceof ContentSyntaxError;
}

/** The item is not in this view of its folder: another collection has it, or none. */
export function notInView(serverId: string): GatewayError {
  return new GatewayError('item-not-found', { item: serverId }, `There is no item ${serverId} in this collection.`);
}
