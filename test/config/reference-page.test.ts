import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { referencePage } from '../../src/config/reference-page.ts';
import { SETTING_KEYS } from '../../src/config/setting-keys.ts';

test('docs/configuration.md is what the schema says; run src/config/write-reference.ts after a change', () => {
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  assert.equal(page, referencePage());
});

test('every setting is spelled alike in all three places and described', () => {
  const find = (key: string) => SETTING_KEYS.find((setting) => setting.key === key);
  assert.equal(find('tls.cert')?.flag, '--tls-cert');
  assert.equal(find('tls.cert')?.variable, 'CAUSEWAY_TLS_CERT');
  assert.equal(find('trustedProxies')?.flag, '--trusted-proxies');
  assert.equal(find('limits.itemBytes')?.variable, 'CAUSEWAY_LIMITS_ITEM_BYTES');
  assert.equal(find('limits.itemBytes')?.kind, 'number');
  assert.equal(find('listen')?.kind, 'list');
  assert.equal(new Set(SETTING_KEYS.map(({ flag }) => flag)).size, SETTING_KEYS.length);
});
