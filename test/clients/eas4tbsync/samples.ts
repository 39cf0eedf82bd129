/** Made-up contents; in 2035, so that no filter by age leaves them out at a replay. */

/** One pixel. */
export const PHOTO =
  '/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==';

export function vcard(uid: string, ...lines: readonly string[]): string {
  return ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, ...lines, 'END:VCARD', ''].join('\r\n');
}

/** A card with something in every kind of field that both sides have. */
export function fullCard(uid: string): string {
  return vcard(
    uid,
    ...['FN:Zoë Ångström', 'N:Ångström;Zoë;Maria;Dr.;jr.', 'NICKNAME:Zo', 'ORG:Harbour Ltd;Cranes', 'TITLE:Foreman'],
    ...['EMAIL;TYPE=WORK:zoe@example.net', 'EMAIL;TYPE=HOME:zoe@example.org', 'URL:https://example.net/zoe'],
    ...['TEL;TYPE=CELL:+46 70 1', 'TEL;TYPE=WORK,VOICE:+46 8 2', 'TEL;TYPE=HOME,VOICE:+46 8 3'],
    ...['ADR;TYPE=WORK:;;Quay 7;Göteborg;;41101;Sweden', 'ADR;TYPE=HOME:;;Birch Road 1;Mölndal;;43130;Sweden'],
    ...[
      'BDAY:1980-02-29',
      'CATEGORIES:Friends,Port',
      'NOTE:Likes tea\\, not coffee',
      `PHOTO;ENCODING=b;TYPE=JPEG:${PHOTO}`,
    ],
  );
}

export function plainCard(uid: string, name: string): string {
  const [given = '', family = ''] = name.split(' ');
  return vcard(uid, `FN:${name}`, `N:${family};${given};;;`, `EMAIL:${uid}@example.net`);
}

export function calendarObject(...lines: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//example//eas4tbsync//EN', ...lines, 'END:VCALENDAR', ''].join(
    '\r\n',
  );
}

export function component(kind: string, uid: string, ...lines: readonly string[]): string[] {
  return [`BEGIN:${kind}`, `UID:${uid}`, 'DTSTAMP:20350101T000000Z', ...lines, `END:${kind}`];
}

const NEW_YORK = [
  ...['BEGIN:VTIMEZONE', 'TZID:America/New_York', 'BEGIN:DAYLIGHT', 'DTSTART:20070311T020000'],
  ...['RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU', 'TZOFFSETFROM:-0500', 'TZOFFSETTO:-0400', 'TZNAME:EDT', 'END:DAYLIGHT'],
  ...['BEGIN:STANDARD', 'DTSTART:20071104T020000', 'RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU'],
  ...['TZOFFSETFROM:-0400', 'TZOFFSETTO:-0500', 'TZNAME:EST', 'END:STANDARD', 'END:VTIMEZONE'],
];
const AT = ';TZID=America/New_York:';

/** Tuesdays at nine in New York from 6 March 2035, across the change to summer time; the 13th at two, not on the 20th. */
export function series(uid: string, summary: string): string {
  return calendarObject(
    ...NEW_YORK,
    ...component(
      ...(['VEVENT', uid, `SUMMARY:${summary}`, `DTSTART${AT}20350306T090000`, `DTEND${AT}20350306T093000`] as const),
      ...['RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=6', `EXDATE${AT}20350320T090000`],
      ...['BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:x', 'TRIGGER:-PT15M', 'END:VALARM'],
    ),
    ...component(
      ...(['VEVENT', uid, `RECURRENCE-ID${AT}20350313T090000`, `SUMMARY:${summary} (moved)`] as const),
      ...[`DTSTART${AT}20350313T140000`, `DTEND${AT}20350313T150000`],
    ),
  );
}
