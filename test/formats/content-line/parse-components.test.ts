import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Component, ContentLine } from '../../../src/formats/content-line/content-line.ts';
import {
  componentsOf,
  parameterEntryOf,
  parameterOf,
  propertiesOf,
  propertyOf,
} from '../../../src/formats/content-line/lookup.ts';
import { type ParseOptions, parseComponents } from '../../../src/formats/content-line/parse-components.ts';
import { ContentSyntaxError } from '../../../src/formats/content-line/syntax-error.ts';

function parse(text: string | Uint8Array, options?: ParseOptions): Component {
  const [component, ...rest] = parseComponents(typeof text === 'string' ? Buffer.from(text) : text, options);
  assert.equal(rest.length, 0);
  return component!;
}

function line(text: string): ContentLine {
  return propertiesOf(parse(`BEGIN:A\r\n${text}\r\nEND:A\r\n`))[0]!;
}

function refusal(text: string, options?: ParseOptions): ContentSyntaxError {
  try {
    parseComponents(Buffer.from(text, 'latin1'), options);
  } catch (error) {
    assert.ok(error instanceof ContentSyntaxError, String(error));
    return error;
  }
  assert.fail('was read');
}

test('RFC 5545 §3.1 a line is name, parameters and value, names without case', () => {
  const read = line('dtstart;Tzid=Europe/Berlin;VALUE=DATE-TIME:20260101T090000');
  assert.equal(read.name, 'DTSTART');
  assert.equal(parameterOf(read, 'TZID'), 'Europe/Berlin');
  assert.equal(read.value, '20260101T090000');
  assert.equal(read.line, 2);
});

test('RFC 5545 §3.1.1 parameters hold lists and quoted values with ; : and ,', () => {
  const read = line('ATTENDEE;MEMBER="mailto:a@x.org","mailto:b@x.org";CN="Doe; J, Jr":mailto:j@x.org');
  assert.deepEqual(parameterEntryOf(read, 'MEMBER')?.values, ['mailto:a@x.org', 'mailto:b@x.org']);
  assert.equal(parameterOf(read, 'CN'), 'Doe; J, Jr');
  assert.equal(read.value, 'mailto:j@x.org');
});

test('RFC 6868 §3 carets in parameters are decoded, others stand for themselves', () => {
  const read = line("ATTENDEE;CN=George ^'Babe^' Ruth^nNY^^ ^x^:mailto:b@x.org");
  assert.equal(parameterOf(read, 'CN'), 'George "Babe" Ruth\nNY^ ^x^');
});

test('vCard groups and bare vCard 2.1 parameters are told apart from names', () => {
  const read = line('item1.TEL;HOME;VOICE;;TYPE=cell:+1 555');
  assert.equal(read.group, 'item1');
  assert.equal(read.name, 'TEL');
  assert.deepEqual(read.parameters, [
    { name: '', values: ['HOME'] },
    { name: '', values: ['VOICE'] },
    { name: 'TYPE', values: ['cell'] },
  ]);
});

for (const [what, lineEnd] of [
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['CR CR LF', '\r\r\n'],
] as const) {
  test(`lines may end in ${what}, with blank lines, a byte order mark and no last line end`, () => {
    const text = ['\ufeff', 'BEGIN:A', '', 'X:1', '', '', 'Y:2', 'END:A'].join(lineEnd);
    const component = parse(text);
    assert.deepEqual(
      propertiesOf(component).map(({ name, value, line }) => [name, value, line]),
      [
        ['X', '1', 4],
        ['Y', '2', 7],
      ],
    );
  });
}

test('RFC 5545 §3.1 folds by space or tab are undone, inside a UTF-8 sequence too', () => {
  const octets = Buffer.from('SUMMARY:Größe 🎂').toString('latin1');
  const folded = [...octets].join('\r\n\t');
  const component = parse(Buffer.from(`BEGIN:A\r\n${folded}\r\n  end\r\nEND:A\r\n`, 'latin1'));
  assert.equal(propertyOf(component, 'SUMMARY')?.value, 'Größe 🎂 end');
});

test('bytes that are no UTF-8 are read as windows-1252 and kept in raw', () => {
  const component = parse(Buffer.from('BEGIN:A\r\nX:\x80 caf\xe9 \x81\r\nEND:A\r\n', 'latin1'));
  const read = propertyOf(component, 'X')!;
  assert.equal(read.value, '€ café \x81');
  assert.equal(read.raw, 'X:\x80 caf\xe9 \x81\r\n');
});

test('quoted-printable soft line breaks continue a line (vCard 2.1)', () => {
  const component = parse('BEGIN:A\r\nNOTE;ENCODING=QUOTED-PRINTABLE:one=0D=\r\n=0Atwo=\r\nthree\r\nX:a=\r\nEND:A\r\n');
  assert.equal(propertyOf(component, 'NOTE')?.value, 'one=0D=0Atwothree');
  assert.equal(propertyOf(component, 'X')?.value, 'a=');
});

test('BEGIN and END match without case and with spaces around', () => {
  const component = parse('begin :vcalendar \r\nBegin:VEvent\r\nEND: vevent\r\nEnd:VCALENDAR\r\n');
  assert.equal(component.name, 'VCALENDAR');
  assert.equal(componentsOf(component, 'VEVENT').length, 1);
});

for (const [text, reason, at] of [
  ['BEGIN:A\r\nX\r\nEND:A\r\n', /colon/, 2],
  ['BEGIN:A\r\nX;Y=1\r\nEND:A\r\n', /colon/, 2],
  ['BEGIN:A\r\nX;Y="1:2\r\nEND:A\r\n', /closing quote/, 2],
  ['BEGIN:A\r\nfoo bar: 1\r\nEND:A\r\n', /property name/, 2],
  ['BEGIN:A\r\n:1\r\nEND:A\r\n', /property name/, 2],
  ['X:1\r\n', /outside/, 1],
  ['BEGIN:A\r\nX:1\r\n', /without its END/, 1],
  ['BEGIN:A\r\nEND:B\r\nEND:A\r\n', /END:B where END:A/, 2],
  ['END:A\r\n', /outside/, 1],
  ['BEGIN:\r\n', /without a component name/, 1],
] as const) {
  test(`strict reading refuses ${JSON.stringify(text)} with its line`, () => {
    const error = refusal(text);
    assert.match(error.reason, reason);
    assert.equal(error.line, at);
  });
}

test('lenient reading keeps what can be read and tells every problem', () => {
  const problems: number[] = [];
  const options = { lenient: true, onProblem: (problem: ContentSyntaxError) => problems.push(problem.line) };
  const component = parse('junk\r\nBEGIN:A\r\nX:1\r\nno colon\r\nBEGIN:B\r\nY:2\r\nEND:C\r\nEND:A\r\n', options);
  assert.deepEqual(
    propertiesOf(component).map(({ value }) => value),
    ['1'],
  );
  assert.equal(propertyOf(componentsOf(component, 'B')[0]!, 'Y')?.value, '2');
  assert.deepEqual(problems, [1, 4, 7, 8]);
});

test('limits on lines, depth and line length hold in lenient reading too', () => {
  assert.match(refusal('BEGIN:A\r\n'.repeat(40), { lenient: true }).reason, /32 deep/);
  assert.match(refusal('\n'.repeat(20), { lenient: true, maxLines: 10 }).reason, /10 lines/);
  assert.match(
    refusal(`BEGIN:A\nX:${'\n a'.repeat(50)}\nEND:A\n`, { lenient: true, maxLineBytes: 40 }).reason,
    /40 bytes/,
  );
});

test('a million folds or soft breaks are read whole', () => {
  const many = 1_000_000;
  assert.equal(line(`X:${'\r\n a'.repeat(many)}`).value.length, many);
  assert.equal(line(`X;QUOTED-PRINTABLE:${'a=\r\n'.repeat(many)}`).value.length, many);
  assert.equal(parse(`BEGIN:A\n${'\n'.repeat(many)}END:A\n`).children.length, 0);
});

test('a thousand parameters and ten thousand values of one are read, more are refused', () => {
  assert.equal(line(`X${';A=1'.repeat(1_000)}:`).parameters.length, 1_000);
  assert.match(refusal(`BEGIN:A\nX${';A=1'.repeat(1_002)}:\nEND:A\n`).reason, /1000 parameters/);
  assert.equal(line(`X;A=1${',1'.repeat(9_999)}:`).parameters[0]?.values.length, 10_000);
  assert.match(refusal(`BEGIN:A\nX;A=1${',1'.repeat(10_000)}:\nEND:A\n`).reason, /10000 values/);
});

test('input without any component gives none', () => {
  assert.deepEqual(parseComponents(Buffer.from('')), []);
  assert.deepEqual(parseComponents(Buffer.from('\r\n\r\n')), []);
});
