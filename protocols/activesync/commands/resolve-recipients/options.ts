import { ClassDataError } from '../../classes/class-error.ts';
import { readDate } from '../../classes/dates.ts';
import { type ClassVersion, isAtLeast } from '../../classes/version.ts';
import type { WbxElement } from '../../wbxml/element.ts';
import type { ElementName } from '../../wbxml/elements.ts';
import { WbxValueError } from '../../wbxml/errors.ts';
import { child, childNumber, childText } from '../../wbxml/read-element.ts';

/** What is wanted of each recipient (MS-ASCMD §2.2.3.125.4). */
export interface ResolveOptions {
  /** Suggestions for one ambiguous name. */
  readonly maxAmbiguous: number;
  readonly wantsCertificates: boolean;
  /** UTC seconds. */
  readonly availability: { readonly start: number; readonly end: number } | null;
  readonly picture: PictureLimits | null;
}

export interface PictureLimits {
  readonly maxBytes: number;
  readonly maxPictures: number;
}

/** Suggestions and pictures where the client names no number; more are never given. */
const MOST_SUGGESTIONS = 100;
const MOST_PICTURES = 100;
const DAY = 86_400;
/** MS-ASCMD §3.1.5.10; and the span where the end is not named. */
const LONGEST_SPAN = 42 * DAY;
const USUAL_SPAN = 7 * DAY;
/** MS-ASCMD §2.2.3.61.1: one digit of the answer. */
const SHORTEST_SPAN = 1_800;

/** @throws WbxValueError for values that are none */
export function readResolveOptions(root: WbxElement, version: ClassVersion): ResolveOptions {
  const options = child(root, 'ResolveRecipients:Options');
  if (options === null)
    return { maxAmbiguous: MOST_SUGGESTIONS, wantsCertificates: false, availability: null, picture: null };
  const number = (name: ElementName, min: number, max: number) => childNumber(options, name, { min, max });
  const maxAmbiguous = number('ResolveRecipients:MaxAmbiguousRecipients', 0, 9_999) ?? MOST_SUGGESTIONS;
  number('ResolveRecipients:MaxCertificates', 0, 9_999);
  const certificates = number('ResolveRecipients:CertificateRetrieval', 1, 3) ?? 1;
  const availability = isAtLeast(version, '14.0') ? child(options, 'ResolveRecipients:Availability') : null;
  const picture = isAtLeast(version, '14.1') ? child(options, 'ResolveRecipients:Picture') : null;
  return {
    maxAmbiguous: Math.min(maxAmbiguous, MOST_SUGGESTIONS),
    wantsCertificates: certificates !== 1,
    availability: availability === null ? null : readSpan(availability),
    picture: picture === null ? null : readPictureLimits(picture),
  };
}

function readSpan(availability: WbxElement): { start: number; end: number } {
  const start = dateOf(availability, 'ResolveRecipients:StartTime');
  if (start === null) throw new WbxValueError('missing', availability.name, 'has no StartTime');
  const end = dateOf(availability, 'ResolveRecipients:EndTime') ?? start + USUAL_SPAN;
  if (end - start < SHORTEST_SPAN || end - start > LONGEST_SPAN) {
    throw new WbxValueError('range', availability.name, `spans ${end - start} seconds`);
  }
  return { start, end };
}

function dateOf(element: WbxElement, name: ElementName): number | null {
  const text = childText(element, name);
  if (text === null || text.trim() === '') return null;
  try {
    return readDate(text, name);
  } catch (error) {
    if (!(error instanceof ClassDataError)) throw error;
    throw new WbxValueError('structure', name, error.message);
  }
}

function readPictureLimits(picture: WbxElement): PictureLimits {
  const maxBytes = childNumber(picture, 'ResolveRecipients:MaxSize', { min: 0 }) ?? Number.MAX_SAFE_INTEGER;
  const maxPictures = childNumber(picture, 'ResolveRecipients:MaxPictures', { min: 0 }) ?? MOST_PICTURES;
  return { maxBytes, maxPictures: Math.min(maxPictures, MOST_PICTURES) };
}
