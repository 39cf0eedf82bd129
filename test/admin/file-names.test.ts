import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFileNamer, decodeFileName, encodeFileName } from '../../src/admin/cli/file-names.ts';

const NAMES = [
  'a.ics',
  'Gr\u00fc\u00dfe 2025.ics',
  'a/b',
  'a\\b',
  '.hidden',
  '..',
  'C:x',
  '100%',
  'a*?"<>|',
  'end.',
  'end ',
  ' x',
  'CON',
  'nul.ics',
  'a\u0001b',
];

for (const name of NAMES) {
  test(`${JSON.stringify(name)} becomes a file name that any system takes, and comes back`, () => {
    const fileName = encodeFileName(name);
    assert.doesNotMatch(fileName, /[/\\:*?"<>|\u0000-\u001f]|^[. ]|[. ]$|^(?:con|nul)(?:\.|$)/i);
    assert.equal(decodeFileName(fileName), name);
  });
}

test('a long name becomes a short one with its extension', () => {
  const fileName = encodeFileName(`${'\u00fc'.repeat(200)}.vcf`);
  assert.match(fileName, /^[0-9a-f]{40}\.vcf$/);
});

test('names that a file system takes for the same get different files', () => {
  const fileNameOf = createFileNamer();
  const given = ['a.ics', 'A.ics', 'a.ics', 'u\u0308.ics', '\u00fc.ics', 'x', 'X'].map(fileNameOf);
  assert.equal(new Set(given.map((name) => name.normalize('NFC').toLowerCase())).size, given.length);
});

test('a file name that is no encoded one is taken as it is', () => {
  assert.equal(decodeFileName('100%.ics'), '100%.ics');
});
