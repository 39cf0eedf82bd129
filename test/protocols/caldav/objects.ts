/** Calendar objects in the manner of RFC 4791 appendix B: one event, a series with overrides, tasks, free-busy. */

const NEW_YORK = [
  'BEGIN:VTIMEZONE',
  'TZID:America/New_York',
  'BEGIN:DAYLIGHT',
  'DTSTART:20000402T020000',
  'RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=4',
  'TZNAME:EDT',
  'TZOFFSETFROM:-0500',
  'TZOFFSETTO:-0400',
  'END:DAYLIGHT',
  'BEGIN:STANDARD',
  'DTSTART:20001026T020000',
  'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
  'TZNAME:EST',
  'TZOFFSETFROM:-0400',
  'TZOFFSETTO:-0500',
  'END:STANDARD',
  'END:VTIMEZONE',
];

export function calendar(...lines: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}

export function component(name: string, ...lines: readonly string[]): string[] {
  return [`BEGIN:${name}`, 'DTSTAMP:20060206T001102Z', ...lines, `END:${name}`];
}

/** 2 January 2006, noon to one in New York (17:00Z). */
export const SINGLE = calendar(
  ...NEW_YORK,
  ...component(
    'VEVENT',
    'UID:single@example.com',
    'DTSTART;TZID=America/New_York:20060102T120000',
    'DURATION:PT1H',
    'SUMMARY:Event #1',
    'DESCRIPTION:Go Steelers!\\nTwice\\, at least',
  ),
);

/** Daily at noon in New York from 2 January, five times; the one of the 4th is at two and the one of the 6th says so. */
export const SERIES = calendar(
  ...NEW_YORK,
  ...component(
    'VEVENT',
    'UID:series@example.com',
    'DTSTART;TZID=America/New_York:20060102T120000',
    'DURATION:PT1H',
    'RRULE:FREQ=DAILY;COUNT=5',
    'SUMMARY:Event #2',
  ),
  ...component(
    'VEVENT',
    'UID:series@example.com',
    'RECURRENCE-ID;TZID=America/New_York:20060104T120000',
    'DTSTART;TZID=America/New_York:20060104T140000',
    'DURATION:PT1H',
    'SUMMARY:Event #2 bis',
  ),
  ...component(
    'VEVENT',
    'UID:series@example.com',
    'RECURRENCE-ID;TZID=America/New_York:20060106T120000',
    'DTSTART;TZID=America/New_York:20060106T140000',
    'DURATION:PT1H',
    'SUMMARY:Event #2 bis bis',
  ),
);

/** 4 January 2006, ten in New York (15:00Z), with attendees. */
export const MEETING = calendar(
  ...NEW_YORK,
  ...component(
    'VEVENT',
    'UID:meeting@example.com',
    'DTSTART;TZID=America/New_York:20060104T100000',
    'DURATION:PT1H',
    'SUMMARY:Event #3',
    'STATUS:TENTATIVE',
    'ATTENDEE;PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:cyrus@example.com',
    'ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:lisa@example.com',
  ),
);

/** Due 6 January 2006, with an alarm the day before at midnight UTC. */
export const TASK = calendar(
  ...component(
    'VTODO',
    'UID:task@example.com',
    'DUE;VALUE=DATE:20060106',
    'STATUS:NEEDS-ACTION',
    'SUMMARY:Task #2',
    'BEGIN:VALARM',
    'ACTION:AUDIO',
    'TRIGGER;RELATED=START:-PT10M',
    'END:VALARM',
  ),
);

export const DONE_TASK = calendar(
  ...component(
    'VTODO',
    'UID:done@example.com',
    'DUE:20051222T205953Z',
    'COMPLETED:20051222T000000Z',
    'STATUS:COMPLETED',
    'SUMMARY:Task #3',
  ),
);

export const CANCELLED_TASK = calendar(
  ...component('VTODO', 'UID:cancelled@example.com', 'DUE;VALUE=DATE:20060104', 'STATUS:CANCELLED', 'SUMMARY:Task #4'),
);

/** 5 January 2006, all day, wherever one is. */
export const ALL_DAY = calendar(
  ...component('VEVENT', 'UID:day@example.com', 'DTSTART;VALUE=DATE:20060105', 'SUMMARY:Day off', 'TRANSP:TRANSPARENT'),
);
