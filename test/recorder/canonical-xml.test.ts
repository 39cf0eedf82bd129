import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { readExchanges } from '../../src/recorder/capture.ts';
import { contentTypeOf } from '../../src/recorder/redact/redact-message.ts';
import { canonicalXml } from '../../src/recorder/replay/canonical-xml.ts';
import { canonicalByXmlJs } from './canonical-by-xml-js.ts';

test('every XML body of the captures is the same tree to another parser', () => {
  const folders = globSync('captures/**/about.yaml').map((file) => dirname(file));
  const messages = folders.flatMap(readExchanges).flatMap(({ request, response }) => [request, response]);
  const bodies = messages.filter((message) => message.body.length > 0 && /[/+]xml$/u.test(contentTypeOf(message)));
  assert.ok(bodies.length > 100, `only ${bodies.length} bodies`);
  for (const { body } of bodies) {
    const text = body.toString('utf8');
    assert.deepEqual(canonicalXml(text), canonicalByXmlJs(text));
  }
});

test('what is not well-formed, or has no element, is an error', () => {
  for (const text of ['', '<a>', '<a></b>', '<x:a/>', 'text']) assert.throws(() => canonicalXml(text), Error);
});
