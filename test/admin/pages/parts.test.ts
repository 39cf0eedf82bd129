import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html } from '../../../src/admin/pages/html.ts';
import { barChart } from '../../../src/admin/pages/parts/chart.ts';
import { requireSeen, seenMark } from '../../../src/admin/pages/parts/seen.ts';
import { table } from '../../../src/admin/pages/parts/table.ts';
import { host, momentText, when } from '../../../src/admin/pages/parts/texts.ts';

test('a chart draws the highest minute full and says in words what it shows', () => {
  const { text } = barChart('c', 'Syncs', [0, 5, 10, 1]);
  const heights = [...text.matchAll(/<rect [^>]*height="([\d.]+)"/gu)].map(([, height]) => Number(height));
  assert.deepEqual([heights[0], heights[1], heights[2]], [0, 23, 46]);
  assert.ok(heights[3]! > 0, 'one is seen');
  assert.match(
    text,
    /role="img" aria-labelledby="c-words"><title id="c-words">Syncs: 1 in this minute, 10 at most in one, 16 in the last 4 minutes/,
  );
  assert.doesNotMatch(text, / style=/);
});

test('an address of IPv6 may break between its groups, one of IPv4 nowhere', () => {
  assert.equal(host('192.0.2.17').text, '<span class="mono host">192.0.2.17</span>');
  assert.equal(host('2001:db8::1').text, '<span class="mono host">2001:<wbr>db8:<wbr>:<wbr>1</span>');
});

test('a moment is told as people tell it, with the exact time at hand', () => {
  const now = Date.UTC(2026, 0, 10, 12);
  const told = (at: number | null) => html`${when(at, now)}`.text.replace(/<[^>]*>/gu, '');
  assert.deepEqual(
    [now, now - 59_000, now - 5 * 60_000, now - 3 * 3_600_000, now - 5 * 86_400_000, now + 90_000, null].map(told),
    ['just now', 'just now', '5 min ago', '3 h ago', '5 days ago', 'in 2 min', '–'],
  );
  assert.match(html`${when(now, now)}`.text, /<time datetime="2026-01-10T12:00:00.000Z" title="2026-01-10 12:00 UTC">/);
  assert.equal(momentText(0), '1970-01-01 00:00 UTC');
});

test('a table has roles and labels, so that it is one where it is laid out as cards, and says where it is empty', () => {
  const columns = [
    { label: 'Name', cell: (row: string) => row },
    { label: 'Size', cell: () => 3 },
  ];
  const { text } = table('Things', columns, ['<a>']);
  assert.match(text, /<caption class="unseen">Things<\/caption>/);
  assert.match(text, /<th role="rowheader" scope="row" class="">&#60;a&#62;<\/th>/);
  assert.match(text, /<td role="cell" class="" data-label="Size"><div>3<\/div><\/td>/);
  assert.equal(table('Things', columns, [], 'None.').text, '<p class="empty">None.</p>');
});

test('a change goes to what was seen, or nowhere', () => {
  const mark = seenMark({ a: 1 });
  requireSeen({ a: 1 }, mark, 'The rules');
  assert.throws(() => requireSeen({ a: 2 }, mark, 'The rules'), { code: 'revision-mismatch' });
});
