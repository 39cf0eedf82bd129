import { adminApiTarget } from './admin-api.ts';
import { easQueryTarget } from './eas-query.ts';
import type { FuzzTarget } from './fuzz.ts';
import { icalendarTarget } from './icalendar.ts';
import { mimeTarget } from './mime.ts';
import { submissionTarget } from './submission.ts';
import { tnefTarget } from './tnef.ts';
import { uuencodeTarget } from './uuencode.ts';
import { vcardTarget } from './vcard.ts';
import { wbxmlTarget } from './wbxml.ts';
import { xmlTarget } from './xml.ts';

/** Every reader of bytes from outside: one line each. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  adminApiTarget,
  easQueryTarget,
  icalendarTarget,
  mimeTarget,
  submissionTarget,
  tnefTarget,
  uuencodeTarget,
  vcardTarget,
  wbxmlTarget,
  xmlTarget,
  //
];
