import type { Random } from '../../support/random.ts';

export interface GeneratedObject {
  readonly bytes: Uint8Array;
  readonly kind: 'VEVENT' | 'VTODO' | 'VJOURNAL';
  readonly uid: string;
  /** RECURRENCE-ID values of its overrides. */
  readonly overrides: readonly string[];
}

export interface GenerateOptions {
  /** Only CRLF, folds at 75 octets and no blank lines or byte order marks: what RFC 5545 asks for. */
  readonly conforming?: boolean;
}

const WORDS = [
  'lunch',
  'Besprechung',
  'Größe',
  '会議',
  '🎂 party',
  'naïve',
  'a;b',
  'c,d',
  'back\\slash',
  'two\nlines',
  'Ωmega',
  '',
];
const X_LINES = [
  'X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC',
  'X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE',
  'X-Mixed-Case;X-P="a;b:c,d";X-Q=one,"two, three":vAlue',
  "X-CARETS;X-NOTE=say ^'hi^'^nthen ^^:1",
  'ATTACH;FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY:aGVsbG8=',
  'ATTENDEE;CN="Doe, Jane";PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:jane@example.org',
  'ATTENDEE;CN=Bob;X-NUM-GUESTS=0:MAILTO:Bob@Example.org',
  'GEO:52.5;13.4',
  'COLOR:turquoise',
];
const RULES = [
  'FREQ=DAILY',
  'FREQ=WEEKLY;BYDAY=MO,WE,FR;WKST=SU',
  'FREQ=MONTHLY;BYDAY=-1FR;COUNT=40',
  'FREQ=YEARLY;UNTIL=20351231T235959Z',
  'FREQ=DAILY;INTERVAL=3',
];
const ZONE = [
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Berlin',
  'BEGIN:DAYLIGHT',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'TZNAME:CEST',
  'DTSTART:19700329T020000',
  'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
  'END:DAYLIGHT',
  'BEGIN:STANDARD',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'TZNAME:CET',
  'DTSTART:19701025T030000',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  'END:STANDARD',
  'END:VTIMEZONE',
];

/** One calendar object as programs write it: an event, task or journal with overrides, alarms, unknown things and odd folds. */
export function generateObject(random: Random, options: GenerateOptions = {}): GeneratedObject {
  const kind = random.pick(['VEVENT', 'VEVENT', 'VTODO', 'VJOURNAL'] as const);
  const uid = `${random.below(2 ** 31).toString(36)}-${random.below(2 ** 31).toString(36)}@example.org`;
  const zoned = random.chance(0.5);
  const allDay = !zoned && random.chance(0.3);
  const recurring = random.chance(0.5);
  const form: TimeForm = allDay ? 'date' : zoned ? 'zoned' : random.pick(['utc', 'floating'] as const);
  const day = 1 + random.below(20);
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//Générateur 1.0//EN'];
  if (random.chance(0.3)) lines.push('CALSCALE:GREGORIAN');
  if (zoned) lines.push(...ZONE);
  lines.push(...component(random, { kind, uid, form, day, extra: recurring ? [`RRULE:${random.pick(RULES)}`] : [] }));
  const overrides: string[] = [];
  for (let index = recurring ? random.below(4) : 0; index > 0; index -= 1) {
    const line = time('RECURRENCE-ID', form, day + index);
    overrides.push(line.slice(line.lastIndexOf(':') + 1));
    lines.push(...component(random, { kind, uid, form, day: day + index, extra: [line] }));
  }
  lines.push('END:VCALENDAR');
  return { bytes: write(random, lines, options.conforming ?? false), kind, uid, overrides };
}

type TimeForm = 'date' | 'zoned' | 'utc' | 'floating';

interface ComponentPlan {
  readonly kind: GeneratedObject['kind'];
  readonly uid: string;
  readonly form: TimeForm;
  readonly day: number;
  readonly extra: readonly string[];
}

function component(random: Random, plan: ComponentPlan): string[] {
  const lines = [
    `BEGIN:${plan.kind}`,
    `UID:${plan.uid}`,
    'DTSTAMP:20260101T000000Z',
    time('DTSTART', plan.form, plan.day),
  ];
  if (plan.kind === 'VEVENT') lines.push(plan.form === 'date' ? 'DURATION:P1D' : 'DURATION:PT1H30M');
  if (plan.kind === 'VTODO') lines.push(`PRIORITY:${random.below(10)}`, 'STATUS:NEEDS-ACTION');
  lines.push(...plan.extra, `SUMMARY:${text(random, 6)}`);
  if (random.chance(0.6)) lines.push(`DESCRIPTION;LANGUAGE=de:${text(random, 60)}`);
  if (random.chance(0.4)) lines.push(`CATEGORIES:${text(random, 1)},${text(random, 1)}`);
  for (let count = random.below(5); count > 0; count -= 1) lines.push(random.pick(X_LINES));
  if (plan.kind !== 'VJOURNAL' && random.chance(0.4)) {
    lines.push(
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      `TRIGGER:-PT${random.below(60)}M`,
      `DESCRIPTION:${text(random, 3)}`,
      'END:VALARM',
    );
  }
  if (random.chance(0.1)) lines.push('BEGIN:X-UNKNOWN', 'X-INSIDE:1', 'END:X-UNKNOWN');
  lines.push(`END:${plan.kind}`);
  return lines;
}

function time(name: string, form: TimeForm, day: number): string {
  const date = `202601${String(day).padStart(2, '0')}`;
  if (form === 'date') return `${name};VALUE=DATE:${date}`;
  if (form === 'zoned') return `${name};TZID=Europe/Berlin:${date}T090000`;
  return `${name}:${date}T090000${form === 'utc' ? 'Z' : ''}`;
}

function text(random: Random, words: number): string {
  const chosen = Array.from({ length: 1 + random.below(words) }, () => random.pick(WORDS));
  return chosen.join(' ').replace(/[\\;,\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));
}

/** Folds by octets; unless conforming also inside UTF-8 sequences, by tabs, with LF or CR CR LF, blank lines and a mark. */
function write(random: Random, lines: readonly string[], conforming: boolean): Uint8Array {
  const lineEnd = conforming ? '\r\n' : random.pick(['\r\n', '\r\n', '\n', '\r\r\n']);
  const width = conforming ? 75 : random.pick([75, 75, 74, 20, 2000]);
  let out = !conforming && random.chance(0.05) ? '\xef\xbb\xbf' : '';
  for (const line of lines) {
    let rest = Buffer.from(line, 'utf8').toString('latin1');
    let room = width;
    while (rest.length > room) {
      let end = room;
      while (conforming && (rest.charCodeAt(end) & 0xc0) === 0x80) end -= 1;
      out += rest.slice(0, end) + lineEnd + (!conforming && random.chance(0.1) ? '\t' : ' ');
      rest = rest.slice(end);
      room = width - 1;
    }
    out += rest + lineEnd + (!conforming && random.chance(0.02) ? lineEnd : '');
  }
  if (!conforming && random.chance(0.05)) out = out.trimEnd();
  return Buffer.from(out, 'latin1');
}
