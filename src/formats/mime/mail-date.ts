const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** RFC 5322 §4.3: zones with a known offset, in minutes; every other name counts as -0000. */
const ZONES: Readonly<Record<string, number>> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  edt: -240,
  est: -300,
  cdt: -300,
  cst: -360,
  mdt: -360,
  mst: -420,
  pdt: -420,
  pst: -480,
};

const MONTH = '([A-Za-z]{3})[A-Za-z]*\\.?';
const TIME = '(\\d{1,2})[:.](\\d{1,2})(?:[:.](\\d{1,2})(?:\\.\\d{1,9})?)?';
const DAY = '^(?:[A-Za-z]{2,9}\\.?\\s*,?\\s*)?';
const RFC_FORM = new RegExp(`${DAY}(\\d{1,2})[\\s-]+${MONTH}[\\s-]+(\\d{2,4})(?:[\\s,]+${TIME}\\s*(.*))?$`, 's');
/** C's asctime: `Thu Jan  1 10:00:00 [zone] 2004 [zone]`. */
const C_FORM = new RegExp(
  `${DAY}${MONTH}\\s+(\\d{1,2}),?\\s+${TIME}\\s+(?:([A-Za-z]{1,5}|[+-]\\d{4})\\s+)?(\\d{4})\\s*(.*)$`,
  's',
);

interface Parts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly time: readonly [string | undefined, string | undefined, string | undefined];
  readonly zone: string;
}

/**
 * Reads a Date value (RFC 5322 §3.3, obsolete forms §4.3, and asctime as some programs write it).
 * @returns Seconds since 1970 UTC, or null where the text is no date.
 */
export function parseMailDate(text: string): number | null {
  if (text.length > 200) return null;
  const clean = withoutComments(text).trim();
  const rfc = RFC_FORM.exec(clean);
  if (rfc !== null) {
    const [, day, month, year, hour, minute, second, zone] = rfc;
    return toSeconds({ year: year!, month: month!, day: day!, time: [hour, minute, second], zone: zone ?? '' });
  }
  const c = C_FORM.exec(clean);
  if (c === null) return null;
  const [, month, day, hour, minute, second, zone, year, after] = c;
  return toSeconds({ year: year!, month: month!, day: day!, time: [hour, minute, second], zone: zone ?? after ?? '' });
}

function withoutComments(text: string): string {
  let depth = 0;
  let result = '';
  for (const character of text) {
    if (character === '(') depth += 1;
    if (depth === 0) result += character;
    if (character === ')' && depth > 0) depth -= 1;
  }
  return result;
}

function toSeconds(parts: Parts): number | null {
  const month = MONTHS.indexOf(parts.month.toLowerCase());
  const day = Number(parts.day);
  const year = fullYear(parts.year);
  const [hour, minute, second] = parts.time.map((part) => Number(part ?? 0)) as [number, number, number];
  // A leap second is a valid time of day (RFC 5322 §3.3).
  if (month < 0 || hour > 23 || minute > 59 || second > 60) return null;
  const midnight = new Date(0).setUTCFullYear(year, month, day);
  if (new Date(midnight).getUTCDate() !== day || new Date(midnight).getUTCMonth() !== month) return null;
  return midnight / 1000 + hour * 3600 + minute * 60 + second - zoneMinutes(parts.zone) * 60;
}

/** RFC 5322 §4.3: two digits below 50 are of this century, other two and three digit years count from 1900. */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length >= 4) return year;
  return digits.length === 2 && year < 50 ? 2000 + year : 1900 + year;
}

function zoneMinutes(zone: string): number {
  const offset = /^\s*(?:GMT|UTC)?\s*([+-])(\d{2}):?(\d{2})/i.exec(zone);
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    // More than a day is no offset: RFC 5322 §3.3 has no use for it.
    if (minutes >= 24 * 60) return 0;
    return offset[1] === '-' ? -minutes : minutes;
  }
  const name = /^\s*([A-Za-z]+)/.exec(zone)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(ZONES, name) ? ZONES[name]! : 0;
}

const DAY_NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Writes a Date value in UTC (RFC 5322 §3.3). @param seconds Since 1970 UTC. */
export function formatMailDate(seconds: number): string {
  const date = new Date(seconds * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const month = MONTHS[date.getUTCMonth()]!;
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  const day = `${DAY_NAMES[date.getUTCDay()]}, ${date.getUTCDate()} ${month[0]!.toUpperCase()}${month.slice(1)}`;
  return `${day} ${String(date.getUTCFullYear()).padStart(4, '0')} ${time} +0000`;
}
