import type { Masker } from '../wire-format.ts';

/** Properties of iCalendar and vCard that say how and when, not what. */
const PLAIN = new Set(
  [
    'BEGIN END VERSION PRODID CALSCALE METHOD KIND DTSTART DTEND DUE DURATION DTSTAMP CREATED LAST-MODIFIED REV COMPLETED',
    'RRULE EXRULE EXDATE RDATE RECURRENCE-ID TZID TZOFFSETFROM TZOFFSETTO TZNAME SEQUENCE STATUS TRANSP CLASS',
    'PRIORITY PERCENT-COMPLETE TRIGGER ACTION REPEAT FREEBUSY X-LIC-LOCATION X-MICROSOFT-CDO-BUSYSTATUS',
    'X-MICROSOFT-CDO-ALLDAYEVENT X-MOZ-GENERATION X-MOZ-LASTACK X-ABSHOWAS',
  ].flatMap((line) => line.split(' ')),
);
const PLAIN_PARAMETERS = new Set(
  'TZID VALUE TYPE ENCODING CHARSET ROLE PARTSTAT RSVP CUTYPE RELATED RELTYPE RANGE FBTYPE PREF MEDIATYPE FMTTYPE LANGUAGE'.split(
    ' ',
  ),
);
const BIRTHDAYS = new Set(['BDAY', 'ANNIVERSARY', 'X-ANNIVERSARY', 'DEATHDATE']);

/** iCalendar (RFC 5545 §3.1) or vCard (RFC 6350 §3.3) with people's values masked; folds stay where they were. */
export function maskContentLines(body: Buffer, masker: Masker): Buffer {
  // Folds may split a character (RFC 5545 §3.1), so lines are put together as bytes.
  const text = body.toString('latin1');
  const masked = text.replaceAll(/[^\r\n]+(?:\r?\n[ \t][^\r\n]*)*/gu, (folded) => {
    const folds = [...folded.matchAll(/\r?\n[ \t]/gu)];
    const line = folded.replaceAll(/\r?\n[ \t]/gu, '');
    const result = Buffer.from(maskLine(Buffer.from(line, 'latin1').toString('utf8'), masker)).toString('latin1');
    // The same length, but for bytes that were no UTF-8 and for two messages compared by shape.
    return result.length === line.length ? refold(result, folds) : result;
  });
  return Buffer.from(masked, 'latin1');
}

function refold(line: string, folds: readonly RegExpExecArray[]): string {
  let result = '';
  let at = 0;
  let before = 0;
  for (const fold of folds) {
    const next = fold.index - before;
    result += line.slice(at, next) + fold[0];
    at = next;
    before += fold[0].length;
  }
  return result + line.slice(at);
}

function maskLine(line: string, masker: Masker): string {
  const match = /^((?:[\w-]+\.)?)([\w-]+)((?:;(?:"[^"]*"|[^":;])*)*):(.*)$/su.exec(line);
  if (match === null) return masker.text(line);
  const [, group = '', name = '', parameters = '', value = ''] = match;
  const upper = name.toUpperCase();
  return `${group === '' ? '' : `${masker.text(group.slice(0, -1))}.`}${name}${maskParameters(parameters, masker)}:${maskValue(upper, parameters, value, masker)}`;
}

function maskParameters(parameters: string, masker: Masker): string {
  return parameters.replaceAll(/;(?:"[^"]*"|[^":;])*/gu, (parameter) => {
    const equals = parameter.indexOf('=');
    // vCard 2.1 writes types and encodings without a name.
    if (equals < 0) return /^;[\w-]{1,20}$/u.test(parameter) ? parameter : `;${masker.text(parameter.slice(1))}`;
    const name = parameter.slice(1, equals);
    return PLAIN_PARAMETERS.has(name.toUpperCase())
      ? parameter
      : `;${name}=${masker.text(parameter.slice(equals + 1))}`;
  });
}

function maskValue(name: string, parameters: string, value: string, masker: Masker): string {
  if (PLAIN.has(name)) return value;
  if (BIRTHDAYS.has(name)) return maskBirthday(value) ?? masker.text(value);
  if (/QUOTED-PRINTABLE/iu.test(parameters)) return maskQuotedPrintable(value, masker);
  return masker.text(value);
}

/** A date in the same form that is nobody's; null where it is none. */
export function maskBirthday(value: string): string | null {
  if (!/^\d{4}-?\d\d-?\d\d(?:T[\d:.]+Z?)?$/u.test(value)) return null;
  return value.replace(/^\d{4}(-?)\d\d(-?)\d\d/u, '2000$101$201');
}

/** RFC 2045 §6.7: what is escaped stays an escape, of a question mark; line breaks and equals signs stay themselves. */
export function maskQuotedPrintable(value: string, masker: Masker): string {
  return value
    .split(/(=[\dA-Fa-f]{2})/u)
    .map((part, index) => (index % 2 === 0 ? masker.text(part) : /^=(?:0[ad]|3d)$/iu.test(part) ? part : '=3F'))
    .join('');
}
