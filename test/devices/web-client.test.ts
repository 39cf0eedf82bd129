import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webClient } from '../../src/devices/web-client.ts';

const idOf = (agent: string) => webClient('webdav', agent, '').shownId;

test('a program is one client over its versions and over the systems it names in comments', () => {
  for (const [agent, id] of [
    ['DAVx5/4.3.5-ose (2023/08/10; dav4jvm; okhttp/4.11.0) Android/13', 'webdav:davx5-android'],
    ['DAVx5/4.4 (2024/08/10; dav4jvm; okhttp/4.11.0) Android/14', 'webdav:davx5-android'],
    ['iOS/16.5 (20F66) dataaccessd/1.0', 'webdav:ios-dataaccessd'],
    ['macOS/13.4 (22F66) dataaccessd/1.0', 'webdav:macos-dataaccessd'],
    ['Mozilla/5.0 (X11; Linux (x86_64); rv:115.0) Gecko/20100101 Thunderbird/115.3.1', 'webdav:thunderbird'],
    ['Mozilla/5.0', 'webdav:mozilla'],
    ['', 'webdav:unnamed'],
    ['1.0 (x', 'webdav:unnamed'],
  ] as const) {
    assert.equal(idOf(agent), id, agent);
  }
});

test('names that do not fit into an id are told apart', () => {
  const [a, b] = [idOf(`${'x'.repeat(60)}a`), idOf(`${'x'.repeat(60)}b`)];
  assert.match(a, /^webdav:x{48}-[0-9a-f]{8}$/);
  assert.notEqual(a, b);
  assert.notEqual(idOf('Kalender-ä'), idOf('Kalender-ö'));
  assert.ok(!idOf('a/b/c (d)/e f/../g').slice('webdav:'.length).includes('/'));
});

test('what is kept of a User-Agent has an end', () => {
  assert.equal(webClient('webdav', 'x'.repeat(9_999), '').agent.length, 256);
});
