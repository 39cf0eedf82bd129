import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findUuBlocks, openUuBlock, type UuLimits } from '../../../src/formats/mime/uu-blocks.ts';
import { uuencoded } from './uu-sample.ts';

const FILE = Buffer.from(Array.from({ length: 200 }, (_, at) => (at * 7) % 256));

async function* cut(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function found(text: string, limits: Partial<UuLimits> = {}, size = 7): Promise<[string, number, string][]> {
  const blocks = await findUuBlocks(cut(text, size), limits);
  return blocks.map(({ name, size: bytes, range }) => [name, bytes, text.slice(range.start, range.end)]);
}

test('files between lines of text are found with name, size and place, however the text is cut', async () => {
  const [first, second] = [uuencoded('a b.bin', FILE), uuencoded('empty', Buffer.alloc(0))];
  const text = `Hello,\r\nbegin with this:\r\n${first}and\r\n${second}bye`;
  for (const size of [1, 2, 5, 61, 10_000]) {
    assert.deepEqual(await found(text, {}, size), [
      ['a b.bin', 200, first],
      ['empty', 0, second],
    ]);
  }
});

test('a block opens as the bytes that were encoded', async () => {
  const text = `x\n${uuencoded('1', Buffer.from('one'), '\n')}y\n${uuencoded('2', FILE, '\n')}z`;
  const blocks = await findUuBlocks(cut(text, 11));
  const chunks: Uint8Array[] = [];
  for await (const chunk of openUuBlock(cut(text, 11), blocks[1]!)) chunks.push(chunk);
  assert.deepEqual(Buffer.concat(chunks), FILE);
});

test('a line that lost its blanks at the end is data, and so is one with a checksum', async () => {
  const text = 'begin 644 x\n#86)C\n#86\n#86)C!\n`\nend\n';
  assert.deepEqual(await found(text), [['x', 9, text]]);
});

for (const [title, text] of [
  ['prose after a begin', 'begin 644 the story\nOnce upon a time\nend\n'],
  ['no end', 'begin 644 x\n#86)C\n'],
  ['no mode', 'begin x\n#86)C\nend\n'],
  ['no name', 'begin 644  \n#86)C\nend\n'],
  ['a longer line than its length says', 'begin 644 x\n#86)C86)C\nend\n'],
  ['a begin inside of a line', 'x begin 644 x\n#86)C\nend\n'],
] as const) {
  test(`${title}: text, no file`, async () => {
    assert.deepEqual(await found(text), []);
  });
}

test('a block after a begin that was none is found', async () => {
  const block = uuencoded('x', FILE);
  assert.deepEqual(await found(`begin 644 y\r\n#86)C\r\n${block}`), [['x', 200, block]]);
});

test('limits: of text before a block, of bytes in all, of blocks', async () => {
  const block = uuencoded('x', FILE);
  assert.equal((await found(`${'a\r\n'.repeat(100)}${block}`, { maxTextBytes: 300 })).length, 0);
  assert.equal((await found(`${'a\r\n'.repeat(100)}${block}`, { maxTextBytes: 301 })).length, 1);
  assert.equal((await found(block, { maxBytes: block.length - 1 })).length, 0);
  assert.equal((await found(block.repeat(5), { maxBlocks: 2 })).length, 2);
});

test('a text without any begin is read no further than the limit of text', async () => {
  let read = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      read += 1000;
      yield Buffer.alloc(1000, 'word ');
    }
  }
  assert.deepEqual(await findUuBlocks(endless(), { maxTextBytes: 50_000 }), []);
  assert.ok(read < 60_000);
});
