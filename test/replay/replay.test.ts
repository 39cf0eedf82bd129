// Every request of a recorded client is sent again to a fresh gateway, which must answer as it did then.
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { WBXML } from '../../protocols/activesync/recorder/bodies.ts';
import { ACTIVESYNC_WIRE } from '../../protocols/activesync/recorder/wire-format.ts';
import { decodeWbxml } from '../../protocols/activesync/wbxml/decode.ts';
import { isElement, type WbxElement } from '../../protocols/activesync/wbxml/element.ts';
import { encodeWbxml } from '../../protocols/activesync/wbxml/encode.ts';
import { textOf } from '../../protocols/activesync/wbxml/read-element.ts';
import { WEBDAV_WIRE } from '../../protocols/webdav/wire-format.ts';
import { readAbout } from '../../src/recorder/about.ts';
import { type CapturedExchange, type CapturedMessage, readExchanges } from '../../src/recorder/capture.ts';
import { headerOf, statusOf } from '../../src/recorder/replay/compare.ts';
import { replay as replayExchanges } from '../../src/recorder/replay/replay.ts';
import { freshGateway, PASSWORD } from './gateway.ts';

/** Sends a capture to the gateway on this port; one sentence with all differences for each exchange that has some. */
async function replay(port: number, folder: string, exchanges: readonly CapturedExchange[]) {
  const mismatches = await replayExchanges(exchanges, {
    server: { url: new URL(`http://127.0.0.1:${port}`) },
    formats: [WEBDAV_WIRE, ACTIVESYNC_WIRE],
    user: readAbout(folder).user,
    password: PASSWORD,
    isMasked: false,
  });
  return mismatches.map(({ number, requestLine, differences }) => {
    return { number, text: `exchange ${number}: ${requestLine}\n${differences.join('\n')}` };
  });
}

const captures = globSync('captures/**/about.yaml').map((file) => dirname(file).replaceAll('\\', '/'));

test('there are captures to replay', () => {
  assert.ok(captures.length >= 5, `found only: ${captures.join(', ')}`);
});

for (const folder of captures.sort()) {
  test(`${folder.slice('captures/'.length)} is answered as recorded`, async (t) => {
    const exchanges = readExchanges(folder);
    assert.ok(exchanges.length > 0, 'the capture is empty');
    const mismatches = await replay(await freshGateway(t), folder, exchanges);
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
    const mismatches = await replay(await freshGateway(t), folder, altered);
    assert.deepEqual(
      mismatches.map(({ number }) => number),
      [exchanges[at]!.number],
    );
  });
}

/** The first `Old` of a document that has it becomes `New`: text of an element, or the token of one. */
interface DocumentAlteration {
  readonly what: string;
  readonly capture: string;
  readonly from: string;
  readonly to: string;
}

const DOCUMENT_ALTERATIONS: readonly DocumentAlteration[] = [
  { what: 'another text', capture: 'activesync-14.1/daily', from: 'Lunch\0', to: 'Brunch\0' },
  { what: 'another status', capture: 'activesync-14.1/daily', from: 'N\x031\0', to: 'N\x032\0' },
  { what: 'another byte of a part', capture: 'activesync-14.1/attachment', from: 'not really', to: 'not Really' },
];

for (const { what, capture, from, to } of DOCUMENT_ALTERATIONS) {
  test(`a capture altered to expect ${what} in a document fails`, async (t) => {
    const folder = `captures/${capture}`;
    const exchanges = readExchanges(folder);
    const at = exchanges.findLastIndex(({ response }) => response.body.includes(from, 0, 'latin1'));
    assert.notEqual(at, -1, 'no answer to alter');
    const { response, ...rest } = exchanges[at]!;
    const body = Buffer.from(
      response.body.toString('latin1').replace(from, () => to),
      'latin1',
    );
    const altered = exchanges.with(at, { ...rest, response: { ...response, body } });
    const mismatches = await replay(await freshGateway(t), folder, altered);
    assert.deepEqual(
      mismatches.map(({ number }) => number),
      [exchanges[at]!.number],
    );
  });
}

test('a capture with other keys, each the same wherever it was the same, is answered as recorded', async (t) => {
  const folder = 'captures/activesync-14.1/daily';
  const altered = readExchanges(folder).map(({ request, response, ...rest }) => ({
    ...rest,
    request: withOtherKeys(request),
    response: withOtherKeys(response),
  }));
  assert.deepEqual(await replay(await freshGateway(t), folder, altered), []);
});

test('a capture in which one key changes where the server’s stayed fails', async (t) => {
  const folder = 'captures/activesync-14.1/daily';
  const exchanges = readExchanges(folder);
  const at = exchanges.findLastIndex(({ response }) => withOtherKeys(response) !== response);
  const { response, ...rest } = exchanges[at]!;
  // A key that another collection had before.
  const [first] = keysOf(exchanges.find((one) => keysOf(one.response).length > 0)!.response);
  const altered = exchanges.with(at, { ...rest, response: withOtherKeys(response, () => first!) });
  const mismatches = await replay(await freshGateway(t), folder, altered);
  assert.ok(mismatches.some(({ number }) => number === exchanges[at]!.number));
});

/** Every key but 0 is another one; the message itself where it has none. */
function withOtherKeys(message: CapturedMessage, other = (key: string) => `other-${key}`): CapturedMessage {
  if (headerOf(message, 'content-type') !== WBXML || message.body.length === 0) return message;
  const document = decodeWbxml(message.body);
  if (keysIn(document).length === 0) return message;
  return { ...message, body: Buffer.from(encodeWbxml(withKeys(document, other), { version: 'any' })) };
}

function withKeys(element: WbxElement, other: (key: string) => string): WbxElement {
  if (isKey(element)) return { ...element, children: [other(textOf(element))] };
  return {
    ...element,
    children: element.children.map((content) => (isElement(content) ? withKeys(content, other) : content)),
  };
}

function keysOf(message: CapturedMessage): string[] {
  return headerOf(message, 'content-type') === WBXML && message.body.length > 0
    ? keysIn(decodeWbxml(message.body))
    : [];
}

function keysIn(element: WbxElement): string[] {
  return isKey(element) ? [textOf(element)] : element.children.filter(isElement).flatMap(keysIn);
}

function isKey(element: WbxElement): boolean {
  return element.name === 'AirSync:SyncKey' && textOf(element) !== '0';
}
