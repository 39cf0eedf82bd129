import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acting, actingFor } from '../../src/observe/acting.ts';
import { ANN, adminBench } from './bench.ts';

test('what two administrators set at the same time is both in force', async () => {
  const { administration } = adminBench();
  await administration.userAdd(ANN);
  const { address } = ANN;
  const rule = { device: null, address: null, rule: 'merge' } as const;
  await Promise.all([
    ...['a.example', 'b.example', 'c.example'].map((domain) => administration.conflictRuleSet({ ...rule, domain })),
    ...['one', 'two', 'three'].map((name) => administration.groupSet({ name, users: [address] })),
    ...['one', 'two', 'three'].map((name) => administration.addressGroupSet({ name, ranges: ['10.0.0.0/8'] })),
    ...['a.example', 'b.example'].map((name) =>
      administration.policySet({ scope: { kind: 'domain', name }, policy: { required: true } }),
    ),
  ]);
  assert.equal((await administration.conflictRuleList({})).length, 3);
  assert.deepEqual(Object.keys(await administration.groupList({})).toSorted(), ['one', 'three', 'two']);
  assert.equal((await administration.addressGroupList({})).length, 3);
  assert.equal((await administration.policyList({})).policies.length, 3);
});

test('a setting that is refused holds up nobody, and each is set in the name of who asked', async () => {
  const { administration, stores } = adminBench();
  const { setSetting } = stores.directory;
  const who: string[] = [];
  stores.directory.setSetting = async (...input) => {
    who.push(acting().user);
    return setSetting.apply(stores.directory, input);
  };
  const as = (user: string, name: string) =>
    actingFor({ protocol: 'pages', user, address: null }, () =>
      administration.addressGroupSet({ name, ranges: ['10.0.0.0/8'] }),
    );
  const [bad, first, second] = await Promise.allSettled([as('x', '???'), as('a', 'one'), as('b', 'two')]);
  assert.deepEqual([bad?.status, first?.status, second?.status], ['rejected', 'fulfilled', 'fulfilled']);
  assert.deepEqual(who, ['a', 'b']);
});
