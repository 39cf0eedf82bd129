// Every request of a recorded client is sent again to a fresh gateway, which must answer as it did then.
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { type CapturedExchange, type CapturedMessage, readExchanges } from '../support/capture.ts';
import { statusOf } from './compare.ts';
import { freshGateway } from './gateway.ts';
import { recordedUser, replay } from './replay.ts';

const captures = globSync('captures/**/about.yaml').map((file) => dirname(file).replaceAll('\\', '/'));

test('there are captures to replay', () => {
  assert.ok(captures.length >= 5, `found only: ${captures.join(', ')}`);
});

for (const folder of captures.sort()) {
  test(`${folder.slice('captures/'.length)} is answered as recorded`, async (t) => {
    const exchanges = readExchanges(folder);
    assert.ok(exchanges.length > 0, 'the capture is empty');
    const mismatches = await replay(await freshGateway(t), recordedUser(folder), exchanges);
    if (mismatches.length > 0) {
      const shown = mismatches.slice(0, 5).map(({ text }) => text);
      assert.fail(`${mismatches.length} of ${exchanges.length} answers differ; the first:\n${shown.join('\n\n')}`);
    }
  });
}

interface Alteration {
  readonly what: string;
  readonly applies: (exchange: CapturedExchange) => boolean;
  readonly alter: (response: CapturedMessage) => CapturedMessage;
}

const hasBody = (word: string) => (exchange: CapturedExchange) => exchange.response.body.includes(word);
const inBody = (search: RegExp, replacement: string) => (response: CapturedMessage) => ({
  ...response,
  body: Buffer.from(response.body.toString('latin1').replace(search, replacement), 'latin1'),
});

const ALTERATIONS: readonly Alteration[] = [
  {
    what: 'another status',
    applies: ({ response }) => statusOf(response) === '207',
    alter: (response) => ({ ...response, startLine: 'HTTP/1.1 200' }),
  },
  {
    what: 'another header',
    applies: ({ response }) => response.headers.some(([name]) => name === 'DAV'),
    alter: (response) => ({
      ...response,
      headers: response.headers.map(([name, value]) => [name, name === 'DAV' ? `${value}, 2` : value]),
    }),
  },
  {
    what: 'no ETag',
    applies: ({ response }) => response.headers.some(([name]) => name === 'ETag'),
    alter: (response) => ({ ...response, headers: response.headers.filter(([name]) => name !== 'ETag') }),
  },
  { what: 'another property', applies: hasBody('<D:collection/>'), alter: inBody(/<D:collection\/>/u, '') },
  { what: 'another value', applies: hasBody('<D:href>'), alter: inBody(/<\/D:href>/u, 'x</D:href>') },
  { what: 'another byte of an object', applies: hasBody('\nSUMMARY:'), alter: inBody(/\nSUMMARY:/u, '\nSUMMARY: ') },
  {
    what: 'another ETag although nothing was written',
    applies: ({ request, response }) => request.startLine.startsWith('GET ') && statusOf(response) === '200',
    alter: (response) => ({
      ...response,
      headers: response.headers.map(([name, value]) => [name, name === 'ETag' ? '"other"' : value]),
    }),
  },
];

// The comparison must bite: with one answer altered on paper the replay must point at it.
for (const { what, applies, alter } of ALTERATIONS) {
  test(`a capture altered to expect ${what} fails`, async (t) => {
    const folder = captures.find((name) => name.includes('evolution-data-server'));
    assert.ok(folder, 'the capture that this test alters is missing');
    const exchanges = readExchanges(folder);
    const at = exchanges.findLastIndex(applies);
    assert.notEqual(at, -1, 'no answer to alter');
    const { response, ...rest } = exchanges[at]!;
    const altered = exchanges.with(at, { ...rest, response: alter(response) }).slice(0, at + 1);
    const mismatches = await replay(await freshGateway(t), recordedUser(folder), altered);
    assert.deepEqual(
      mismatches.map(({ number }) => number),
      [exchanges[at]!.number],
    );
  });
}
