/** Seeded cards, well-formed and broken, for property tests and fuzzing. */
import type { Random } from '../../support/random.ts';

const NAMES = ['Doe;Jane;;;', 'Müller;Jörg;A\\, B;Dr.;', 'O\\;Neil;X', ';;;;'];
const TEXTS = ['plain', 'with\\, comma', 'line\\nbreak', 'Grüße 日本 😀', 'x'.repeat(200), ''];

/** One card of a random version, line end and folding; unless `isValid` some hold a line that is none. */
export function makeCard(random: Random, isValid = false): Uint8Array {
  const version = random.pick(['2.1', '3.0', '4.0']);
  const lineEnd = random.pick(['\r\n', '\r\n', '\n']);
  const lines = [`VERSION:${version}`, `N:${random.pick(NAMES)}`, `FN:${random.pick(TEXTS)}`, `UID:${random.next()}`];
  const count = random.below(8);
  for (let number = 0; number < count; number += 1) lines.push(...makeProperty(random, version, number));
  if (!isValid && random.chance(0.1)) lines.push('this is no content line');
  const folded = lines.map((line) =>
    random.chance(0.3) ? line.replace(/^(.{20,40}?)(?=[a-zA-Z])/, `$1${lineEnd} `) : line,
  );
  return Buffer.from(['BEGIN:VCARD', ...folded, 'END:VCARD', ''].join(lineEnd));
}

function makeProperty(random: Random, version: string, number: number): string[] {
  const group = `item${number}`;
  const types =
    version === '2.1'
      ? random.pick([';HOME', ';WORK;PREF', ''])
      : random.pick([';TYPE=HOME', ';type=WORK;type=pref', '']);
  const common = [
    [`TEL${types}:+49 30 ${number}`],
    [`${group}.EMAIL${types};X-KEEP="a;b":j${number}@example.com`, `${group}.X-ABLabel:_$!<Other>!$_`],
    [`ADR${types}:;;Street ${number}\\, 2;City;;12345;Land`],
    [`NOTE:${random.pick(TEXTS)}`],
    [`X-Custom-Thing;x-y=1:${random.pick(TEXTS)}`],
    ['BDAY:1980-03-22'],
  ];
  if (version === '2.1') {
    common.push(['NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:a=E4=0D=0A=', 'b=3D']);
    common.push(['PHOTO;JPEG;ENCODING=BASE64:', '  /9j/4AAQ', '  SkZJRg==', '']);
    common.push(['AGENT:', 'BEGIN:VCARD', 'VERSION:2.1', 'N:Agent', 'END:VCARD']);
  } else if (version === '3.0') {
    common.push(['PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRg=='], ['LABEL;TYPE=HOME:One\\nTwo'], ['GEO:46.7;-71.2']);
  } else {
    common.push(
      ['PHOTO:data:image/jpeg;base64,/9j/4AAQSkZJRg=='],
      ['TEL;VALUE=uri;PREF=2;TYPE="work,voice":tel:+1-418;ext=1'],
    );
    common.push(['BDAY:--0203'], ['KIND:group'], [`ADR;LABEL="One^nTwo":;;a;b;;;`]);
  }
  return random.pick(common);
}
