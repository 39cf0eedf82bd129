import { Dice } from '../dice.ts';

const STARTS = [
  { start: 'DTSTART:20260302T090000Z', end: 'DTEND:20260302T100000Z', form: (day: string) => `:${day}T090000Z` },
  { start: 'DTSTART:20260302T090000', end: 'DURATION:PT1H30M', form: (day: string) => `:${day}T090000` },
  {
    start: 'DTSTART;TZID=America/New_York:20260302T090000',
    end: 'DTEND;TZID=America/New_York:20260302T103000',
    form: (day: string) => `;TZID=America/New_York:${day}T090000`,
  },
  {
    start: 'DTSTART;TZID=Nowhere:20260302T020000',
    end: 'DTEND;TZID=Europe/Berlin:20260302T103000',
    form: (day: string) => `;TZID=Nowhere:${day}T020000`,
  },
  {
    start: 'DTSTART;VALUE=DATE:20260302',
    end: 'DTEND;VALUE=DATE:20260304',
    form: (day: string) => `;VALUE=DATE:${day}`,
  },
  { start: 'DTSTART;VALUE=DATE:20260302', end: '', form: (day: string) => `;VALUE=DATE:${day}` },
];

const RULES = [
  'FREQ=DAILY',
  'FREQ=DAILY;COUNT=20;INTERVAL=3',
  'FREQ=DAILY;COUNT=2000',
  'FREQ=WEEKLY;BYDAY=MO,WE;WKST=SU;INTERVAL=2',
  'FREQ=MONTHLY;BYMONTHDAY=2,16',
  'FREQ=MONTHLY;BYDAY=1MO,3MO',
  'FREQ=MONTHLY;BYMONTHDAY=-1',
  'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
  'FREQ=MONTHLY;BYDAY=-1MO;UNTIL=20271231T235959Z',
  'FREQ=YEARLY',
  'FREQ=YEARLY;BYMONTH=3,6,9,12',
  'FREQ=YEARLY;BYMONTH=3;BYDAY=1MO',
  'FREQ=YEARLY;BYWEEKNO=10;BYDAY=MO',
  'FREQ=YEARLY;BYYEARDAY=61,100',
  'FREQ=HOURLY;INTERVAL=6;COUNT=30',
  'FREQ=DAILY;UNTIL=20260401',
  'FREQ=DAILY;X-PART=1',
];

const PROPERTIES = [
  'SUMMARY:Lunch\\, with  Bob ',
  'SUMMARY;LANGUAGE=de:  Büro\\n2',
  'LOCATION;ALTREP="http://x.example":Room 1',
  'DESCRIPTION:One line\\nAnother\\; line with ümläut and 😀 emoji',
  'X-ALT-DESC;FMTTYPE=text/html:<p>One <b>line</b></p>',
  'CATEGORIES:A,B\\,C',
  'CATEGORIES:B\\,C,D',
  'CLASS:PRIVATE',
  'CLASS:X-SECRET',
  'TRANSP:TRANSPARENT',
  'X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE',
  'STATUS:TENTATIVE',
  'STATUS:CANCELLED',
  'ORGANIZER;CN=Ana:MAILTO:Ana@example.com',
  'ORGANIZER:urn:uuid:1',
  'ATTENDEE;PARTSTAT=ACCEPTED;ROLE=OPT-PARTICIPANT;X-NUM=0:mailto:bob@example.com',
  'ATTENDEE;CUTYPE=ROOM;CN="Room, 1":mailto:room@example.com',
  'ATTENDEE:urn:uuid:2',
  'ATTENDEE;CN=Twice:mailto:BOB@example.com',
  'SEQUENCE:3',
  'ATTACH:http://example.com/a.pdf',
  'X-UNKNOWN;A=b:c',
  'COMMENT:bell\x07 rings',
];

const ALARMS = [
  ['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:-PT15M', 'DESCRIPTION:x', 'END:VALARM'],
  ['BEGIN:VALARM', 'ACTION:AUDIO', 'TRIGGER;RELATED=START:-PT90S', 'END:VALARM'],
  ['BEGIN:VALARM', 'ACTION:EMAIL', 'TRIGGER:-P1D', 'SUMMARY:m', 'END:VALARM'],
  ['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER;VALUE=DATE-TIME:20260301T000000Z', 'END:VALARM'],
  ['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:nonsense', 'END:VALARM'],
];

/** Lines of random VEVENT objects, series with exceptions among them. */
export function randomEvents(seed: number, count: number): string[][] {
  const random = new Dice(seed);
  return Array.from({ length: count }, () => randomEvent(random));
}

function randomEvent(random: Dice): string[] {
  const { start, end, form } = random.pick(STARTS);
  const head = ['UID:u-1', 'DTSTAMP:20250101T000000Z'];
  const body = (): string[] => [...random.some(PROPERTIES, 35), ...random.some(ALARMS, 30).flat()];
  const times = [start, ...(end === '' ? [] : [end])];
  const isSeries = random.chance(70);
  const rules = isSeries ? [`RRULE:${random.pick(RULES)}`] : [];
  const dates = random.chance(15) ? [`RDATE${form('20260320')}`] : [];
  const deleted = isSeries ? random.some(['20260303', '20260316', '20260402'], 40) : [];
  const master = [...head, ...times, ...rules, ...dates, ...deleted.map((day) => `EXDATE${form(day)}`), ...body()];
  const overrides = isSeries ? random.some(['20260304', '20260330', '20260406'], 40) : [];
  const isOrphan = overrides.length > 0 && random.chance(10);
  return [
    ...(isOrphan ? [] : ['BEGIN:VEVENT', ...master, 'END:VEVENT']),
    ...overrides.flatMap((day) => {
      const own = random.chance(80) ? [`DTSTART${form('20260305')}`] : [];
      return ['BEGIN:VEVENT', ...head, `RECURRENCE-ID${form(day)}`, ...own, ...body(), 'END:VEVENT'];
    }),
  ];
}
