import type { ContentLine } from '../content-line/content-line.ts';
import { parameterOf } from '../content-line/lookup.ts';
import { ContentSyntaxError } from '../content-line/syntax-error.ts';
import { splitEscaped, unescapeText } from '../content-line/text.ts';
import { parseDateTime, sameDateTime } from './date-time.ts';
import { durationSeconds, parseDuration } from './duration.ts';
import { parseRecurrenceRule } from './parse-recurrence-rule.ts';
import { formatRecurrenceRule } from './recurrence-rule.ts';

const TEXTS = new Set(['SUMMARY', 'DESCRIPTION', 'LOCATION', 'COMMENT', 'CONTACT', 'UID', 'RELATED-TO']);
const TIMES = new Set(['DTSTART', 'DTEND', 'DUE', 'DTSTAMP', 'CREATED', 'LAST-MODIFIED', 'COMPLETED', 'RECURRENCE-ID']);
const WORDS = new Set(['STATUS', 'CLASS', 'TRANSP', 'ACTION', 'METHOD']);
/** Properties whose value is a list that may as well be spread over several lines. */
export const LISTS: ReadonlySet<string> = new Set(['CATEGORIES', 'RESOURCES', 'EXDATE', 'RDATE', 'FREEBUSY']);

/**
 * Whether two lines of one name say the same in their value, TZID and VALUE considered, however it is spelled: an edit that
 * sets what is there already must not touch the bytes another program wrote. Other parameters do not count.
 */
export function sameValue(a: ContentLine, b: ContentLine): boolean {
  if (a.value === b.value && parameterOf(a, 'TZID') === parameterOf(b, 'TZID')) {
    if (upper(parameterOf(a, 'VALUE')) === upper(parameterOf(b, 'VALUE'))) return true;
  }
  if (TEXTS.has(a.name)) return unescapeText(a.value) === unescapeText(b.value);
  try {
    if (TIMES.has(a.name)) return sameDateTime(parseDateTime(a), parseDateTime(b));
    if (a.name === 'RRULE') return ruleKey(a) === ruleKey(b);
    if (a.name === 'DURATION') return durationKey(a) === durationKey(b);
  } catch (error) {
    // What cannot be read is compared as written.
    if (!(error instanceof ContentSyntaxError)) throw error;
  }
  if (WORDS.has(a.name)) return upper(a.value.trim()) === upper(b.value.trim());
  return false;
}

/** Whether two sets of lines hold the same list in the same order, however it is spread over lines. */
export function sameLists(a: readonly ContentLine[], b: readonly ContentLine[]): boolean {
  const left = a.flatMap(listKeys);
  const right = b.flatMap(listKeys);
  return left.length === right.length && left.every((key, index) => key === right[index]);
}

function listKeys(line: ContentLine): string[] {
  const tzid = parameterOf(line, 'TZID') ?? '';
  const items = line.value === '' ? [] : splitEscaped(line.value, ',');
  return items.map((item) => `${tzid}\n${item.includes('\\') ? unescapeText(item) : item}`);
}

function ruleKey(line: ContentLine): string {
  return formatRecurrenceRule(parseRecurrenceRule(line.value));
}

/** Days stay apart from hours: they differ where a zone changes its offset. */
function durationKey(line: ContentLine): string {
  const duration = parseDuration(line.value);
  const nominal = duration.sign * (duration.weeks * 7 + duration.days);
  return `${nominal} ${durationSeconds({ ...duration, weeks: 0, days: 0 })}`;
}

function upper(text: string | null): string {
  return text?.toUpperCase() ?? '';
}
