import type { ApplicationData } from '../field.ts';
import type { BodyPartPreference, BodyPreference, BodyType } from '../options.ts';
import { readBoolean, readInteger } from '../read-values.ts';
import { LONGEST_PREVIEW } from './body-fields.ts';

/** TruncationSize is an unsignedInt (MS-ASAIRS §2.2.2.40). */
const LARGEST_SIZE = 0xffff_ffff;

/**
 * One BodyPreference by its children; null for RTF (type 3), which is not served.
 * @throws ClassDataError for values out of range
 */
export function readBodyPreference(children: ApplicationData): BodyPreference | null {
  const type = readInteger(children, 'AirSyncBase:Type', 1, 4) ?? 1;
  return type === 3 ? null : { type: type as BodyType, ...readSizes(children) };
}

/**
 * The BodyPartPreference by its children; null for any type but HTML: the request is to be answered with status 164.
 * @throws ClassDataError for values out of range
 */
export function readBodyPartPreference(children: ApplicationData): BodyPartPreference | null {
  return readInteger(children, 'AirSyncBase:Type', 0, 255) === 2 ? readSizes(children) : null;
}

function readSizes(children: ApplicationData): Omit<BodyPreference, 'type'> {
  return {
    truncationSize: readInteger(children, 'AirSyncBase:TruncationSize', 0, LARGEST_SIZE),
    allOrNone: readBoolean(children, 'AirSyncBase:AllOrNone') ?? false,
    preview: readInteger(children, 'AirSyncBase:Preview', 0, LONGEST_PREVIEW) ?? 0,
  };
}
