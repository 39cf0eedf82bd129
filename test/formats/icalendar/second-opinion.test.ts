import assert from 'node:assert/strict';
import { test } from 'node:test';
import ICAL from 'ical.js';
import type { Component, ContentLine } from '../../../src/formats/content-line/content-line.ts';
import { componentsOf, propertiesOf } from '../../../src/formats/content-line/lookup.ts';
import { parseComponents } from '../../../src/formats/content-line/parse-components.ts';
import { ContentSyntaxError } from '../../../src/formats/content-line/syntax-error.ts';
import { splitTextList, unescapeText } from '../../../src/formats/content-line/text.ts';
import { formatDateTime, parseDateTimeList } from '../../../src/formats/icalendar/date-time.ts';
import { durationSeconds, parseDuration } from '../../../src/formats/icalendar/duration.ts';
import { parseRecurrenceRule } from '../../../src/formats/icalendar/parse-recurrence-rule.ts';
import { formatRecurrenceRule } from '../../../src/formats/icalendar/recurrence-rule.ts';
import { seededRandom } from '../../support/random.ts';
import { sharedFiles, skipWithout } from '../../support/shared-data.ts';
import { generateObject } from './generate.ts';

/** jCal (RFC 7265): name, parameters, type, values; name, properties, components. */
type JProperty = [string, Record<string, unknown>, string, ...unknown[]];
type JComponent = [string, JProperty[], JComponent[]];

const WHOLE_TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ?)?$/;
const LISTS = new Set(['CATEGORIES', 'RESOURCES']);

/** Compares a tree with that of ical.js; returns how many typed values were compared. */
function compare(component: Component, other: JComponent, where: string): number {
  assert.equal(component.name, other[0].toUpperCase(), where);
  const lines = propertiesOf(component);
  assert.deepEqual(
    lines.map(({ name }) => name),
    other[1].map(([name]) => name.toUpperCase()),
    where,
  );
  let compared = 0;
  lines.forEach((line, index) => {
    compared += compareValue(line, other[1][index]!, `${where} ${line.name} in line ${line.line}`);
  });
  const children = componentsOf(component);
  assert.equal(children.length, other[2].length, where);
  children.forEach((child, index) => {
    compared += compare(child, other[2][index]!, `${where}/${child.name}`);
  });
  return compared;
}

function compareValue(line: ContentLine, [, , type, ...values]: JProperty, where: string): number {
  switch (type) {
    case 'text': {
      const ours = LISTS.has(line.name) ? splitTextList(line.value) : [unescapeText(line.value)];
      // A structured value (REQUEST-STATUS) is a list there; nobody here reads its parts.
      if (!LISTS.has(line.name) && (values.length !== 1 || Array.isArray(values[0]))) return 0;
      assert.deepEqual(ours.length === 0 ? [''] : ours, values, where);
      return 1;
    }
    case 'date':
    case 'date-time': {
      const ours = attempt(() => parseDateTimeList(line));
      // ical.js does not refuse what is no date: it passes the text on, cut at fixed places.
      if (ours === null || !values.every((value) => WHOLE_TIME.test(String(value)))) return 0;
      assert.deepEqual(
        ours.map(formatDateTime),
        values.map((value) => String(value).replace(/[-:]/g, '')),
        where,
      );
      return 1;
    }
    case 'duration': {
      const ours = attempt(() => parseDuration(line.value));
      if (ours === null) return 0;
      // Adding 0 makes 0 of the -0 that ical.js gives for `-PT0M`.
      assert.equal(durationSeconds(ours), ICAL.Duration.fromString(String(values[0])).toSeconds() + 0, where);
      return 1;
    }
    case 'recur': {
      const ours = attempt(() => parseRecurrenceRule(line.value));
      if (ours === null) return 0;
      const theirs = new ICAL.Recur(values[0] as ConstructorParameters<typeof ICAL.Recur>[0]).toString();
      assert.equal(ruleParts(formatRecurrenceRule(ours)), ruleParts(theirs), where);
      return 1;
    }
    default:
      return 0;
  }
}

function ruleParts(rule: string): string {
  const parts = rule.split(';').filter((part) => part !== 'WKST=MO' && part !== 'INTERVAL=1');
  return parts
    .sort()
    .join(';')
    .replace(/[-:](?=\d\d)/g, '');
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof ContentSyntaxError) return null;
    throw error;
  }
}

/** jCal of ical.js as a list of roots, null when it refuses the text. */
function secondOpinion(bytes: Uint8Array): JComponent[] | null {
  let parsed: unknown;
  try {
    parsed = ICAL.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    assert.ok(error instanceof Error);
    return null;
  }
  return (typeof (parsed as unknown[])[0] === 'string' ? [parsed] : parsed) as JComponent[];
}

test('ical.js reads the same tree and values from every sample file that both read', {
  skip: skipWithout('ics'),
}, () => {
  let files = 0;
  let values = 0;
  for (const { name, bytes } of sharedFiles('ics')) {
    const ours = attempt(() => parseComponents(bytes));
    const theirs = secondOpinion(bytes);
    if (ours === null || theirs === null) continue;
    assert.equal(ours.length, theirs.length, name);
    ours.forEach((component, index) => {
      values += compare(component, theirs[index]!, name);
    });
    files += 1;
  }
  assert.ok(files >= 25 && values >= 1000, `${files} files, ${values} values`);
});

test('ical.js reads the same tree and values from generated objects (seed 6)', () => {
  const random = seededRandom(6);
  let values = 0;
  for (let index = 0; index < 200; index += 1) {
    const { bytes } = generateObject(random, { conforming: true });
    values += compare(parseComponents(bytes)[0]!, secondOpinion(bytes)![0]!, `object ${index}`);
  }
  assert.ok(values >= 1000, `${values} values`);
});
