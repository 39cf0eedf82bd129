/** Made-up contents; the addresses are those of `run.ts`. */
export const FILE = Buffer.from(
  '%PDF-1.4\nnot really, but these bytes must arrive: \u00e4\u00f6\u00fc\n%%EOF\n',
  'latin1',
);

/** One pixel. */
export const PHOTO = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const ME = 'user01@example.com';
const YOU = 'user02@example.com';

interface Letter {
  readonly from?: string;
  readonly to?: string;
  readonly subject: string;
  readonly id: string;
  readonly text: string;
}

function head({ from = YOU, to = ME, subject, id }: Letter): string[] {
  // Long ago at every replay: mail is filed by this date, unless it lies in the future.
  const date = 'Date: Mon, 05 Jan 2026 08:00:00 +0000';
  return [
    `From: <${from}>`,
    `To: <${to}>`,
    `Subject: ${subject}`,
    date,
    `Message-ID: <${id}@example.com>`,
    'MIME-Version: 1.0',
  ];
}

export function letter(parts: Letter): string {
  const body = ['Content-Type: text/plain; charset=us-ascii', '', parts.text, ''];
  return [...head(parts), ...body].join('\r\n');
}

export function letterWithFile(parts: Letter, file: Uint8Array = FILE): string {
  const base64 = Buffer.from(file).toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  const lines = [
    ...['Content-Type: multipart/mixed; boundary=b1', ''],
    ...['--b1', 'Content-Type: text/plain; charset=us-ascii', '', parts.text],
    ...['--b1', 'Content-Type: application/pdf; name=plan.pdf', 'Content-Disposition: attachment; filename=plan.pdf'],
    ...['Content-Transfer-Encoding: base64', '', base64, '--b1--', ''],
  ];
  return [...head(parts), ...lines].join('\r\n');
}

/** Daily at nine in Paris across the change to summer time on 28 March 2027; the instance of the 29th is at two in the afternoon. */
export function parisSeries(uid: string, summary: string): string {
  const lines = [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//example//day//EN'],
    ...['BEGIN:VTIMEZONE', 'TZID:Europe/Paris'],
    ...['BEGIN:STANDARD', 'DTSTART:19961027T030000', 'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU'],
    ...['TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100', 'TZNAME:CET', 'END:STANDARD'],
    ...['BEGIN:DAYLIGHT', 'DTSTART:19810329T020000', 'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU'],
    ...['TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200', 'TZNAME:CEST', 'END:DAYLIGHT', 'END:VTIMEZONE'],
    ...['BEGIN:VEVENT', `UID:${uid}`, 'DTSTAMP:20270101T000000Z', 'DTSTART;TZID=Europe/Paris:20270326T090000'],
    ...['DTEND;TZID=Europe/Paris:20270326T093000', 'RRULE:FREQ=DAILY;COUNT=5', `SUMMARY:${summary}`, 'END:VEVENT'],
    ...['BEGIN:VEVENT', `UID:${uid}`, 'RECURRENCE-ID;TZID=Europe/Paris:20270329T090000', 'DTSTAMP:20270101T000000Z'],
    ...['DTSTART;TZID=Europe/Paris:20270329T140000', 'DTEND;TZID=Europe/Paris:20270329T150000'],
    ...[`SUMMARY:${summary} (moved)`, 'END:VEVENT', 'END:VCALENDAR', ''],
  ];
  return lines.join('\r\n');
}

export function calendarObject(kind: string, uid: string, ...lines: readonly string[]): string {
  const start = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//example//day//EN', `BEGIN:${kind}`, `UID:${uid}`];
  return [...start, 'DTSTAMP:20270101T000000Z', ...lines, `END:${kind}`, 'END:VCALENDAR', ''].join('\r\n');
}

export function card(uid: string, name: string): string {
  const [given = '', family = ''] = name.split(' ');
  const lines = ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, `FN:${name}`, `N:${family};${given};;;`];
  return [...lines, `PHOTO;ENCODING=b;TYPE=PNG:${PHOTO}`, 'TEL;TYPE=CELL:+33 1 23 45', 'END:VCARD', ''].join('\r\n');
}
