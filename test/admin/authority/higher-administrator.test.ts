import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Administration } from '../../../src/admin/administration.ts';
import { authorised } from '../../../src/admin/authority/authorised.ts';
import { CALL_RULES } from '../../../src/admin/authority/call-rules.ts';
import type { PolicyScope } from '../../../src/config/device-policies.ts';
import { ADMIN_SCOPES } from '../../../src/domain/admin-role.ts';
import { authority, bench, denied, HERE, ROOT, THERE, TRIALS, witness } from './trials.ts';

/** What is done to somebody, or reads what they wrote. */
const TO_USER = [
  ...(['importFolder', 'importBatch', 'exportPage', 'exportChunk', 'userQuotaSet'] as const),
  ...(['appPasswordAdd', 'appPasswordRevoke', 'deviceDecide', 'deviceResync', 'deviceRemove'] as const),
  ...(['wipeStart', 'wipeConsent', 'wipeCancel', 'wipeClear', 'quarantineRetry', 'quarantineClear'] as const),
  ...(['conflictRuleSet', 'conflictList', 'conflictRestore', 'recordStart'] as const),
];

for (const name of TO_USER) {
  test(`${name}: not done to an administrator who may do more, however the address is spelled`, async () => {
    const { administration } = await bench();
    const { made, calls } = witness(administration);
    const limited = authorised(calls, authority(ADMIN_SCOPES, 'example.org'));
    const few = authorised(calls, authority([CALL_RULES[name].scope], 'example.org'));
    for (const address of [ROOT, 'Root@Example.ORG', ' root@example.org ', 'ROOT@example.org']) {
      await assert.rejects(TRIALS[name](limited, address), denied('whole-server'));
    }
    await assert.rejects(TRIALS[name](few, 'dom@example.org'), { code: 'access-denied' });
    assert.deepEqual(made, []);
    await TRIALS[name](limited, 'dom@example.org');
    await TRIALS[name](authorised(calls, authority(ADMIN_SCOPES)), ROOT);
    assert.deepEqual(made, [name, name]);
  });
}

test('nobody sets a policy for an administrator who may do more, or for a device of one', async () => {
  const { as } = await bench();
  const limited = as(ADMIN_SCOPES, 'example.org');
  const scopes: readonly PolicyScope[] = [
    { kind: 'user', address: 'Root@example.org' },
    { kind: 'device', address: ROOT, device: 'phone' },
  ];
  for (const scope of scopes) {
    await assert.rejects(limited.policySet({ scope, policy: { required: true } }), denied('whole-server'));
  }
});

test('a recording with contents of an administrator who may do more is not read', async () => {
  const { administration } = await bench();
  const recording = { id: 'r', address: ROOT, device: null, withContents: true } as const;
  const times = { startedAt: 0, endsAt: 1, endedAt: 1, reason: null, exchanges: 0, bytes: 0, unanswered: 0 };
  const { made, calls } = witness(administration);
  const limited = authorised(
    { ...calls, recordList: async () => [{ ...recording, ...times }] },
    authority(ADMIN_SCOPES, 'example.org'),
  );
  await assert.rejects(limited.recordRead({ id: 'r', name: '001.request', start: 0, end: 1 }), denied('whole-server'));
  await assert.rejects(limited.recordRemove({ id: 'r' }), denied('whole-server'));
  assert.deepEqual(made, []);
});

test('the conflict rules that an administrator of a domain sees are those of the domain and its people', async () => {
  const { administration, as } = await bench();
  const rule = { device: null, rule: 'merge' };
  for (const domain of ['Example.org', 'example.net']) {
    await administration.conflictRuleSet({ ...rule, domain, address: null });
  }
  for (const address of ['Ann@example.org', THERE]) {
    await administration.conflictRuleSet({ ...rule, domain: null, address });
  }
  const seen = async (calls: Administration) =>
    (await calls.conflictRuleList({})).map(({ domain, address }) => domain ?? address);
  assert.deepEqual(await seen(as(['read'], 'example.org')), ['example.org', HERE]);
  assert.deepEqual(await seen(as(['read'])), ['example.net', 'example.org', HERE, THERE]);
  const nonsense = { domain: 'a b', address: null, device: null, rule: 'merge' };
  await assert.rejects(administration.conflictRuleSet(nonsense), { code: 'name-invalid' });
});
