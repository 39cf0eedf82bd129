import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exposition } from '../../src/observe/metrics/exposition.ts';
import { Counter, Histogram, MetricsRegistry, Reading } from '../../src/observe/metrics/registry.ts';
import { createGatewayMeasures } from '../../src/server/gateway-measures.ts';
import { parseExposition } from '../support/exposition.ts';

test('counters, gauges and histograms are written in the text format', () => {
  const registry = new MetricsRegistry();
  registry.add(new Counter({ name: 'a_total', help: 'Line\nand \\.', labels: ['of'] })).add(2, 'x"y\n\\');
  registry.add(new Reading('gauge', { name: 'b', help: 'B.' }, () => 1.5));
  const histogram = registry.add(new Histogram({ name: 'c_seconds', help: 'C.' }, [0.1, 1]));
  for (const value of [0.05, 0.1, 0.5, 7]) histogram.observe(value);
  assert.equal(
    exposition(registry),
    `# HELP a_total Line\\nand \\\\.\n# TYPE a_total counter\na_total{of="x\\"y\\n\\\\"} 2\n` +
      '# HELP b B.\n# TYPE b gauge\nb 1.5\n# HELP c_seconds C.\n# TYPE c_seconds histogram\n' +
      'c_seconds_bucket{le="0.1"} 2\nc_seconds_bucket{le="1"} 3\nc_seconds_bucket{le="+Inf"} 4\nc_seconds_sum 7.65\nc_seconds_count 4\n',
  );
});

test('more series than allowed count as other, and nothing is lost', () => {
  const registry = new MetricsRegistry();
  const counter = registry.add(new Counter({ name: 'a_total', help: 'A.', labels: ['of'], mostSeries: 5 }));
  for (let number = 0; number < 1_000; number += 1) counter.add(1, `value ${number}`);
  const samples = counter.samples();
  assert.equal(samples.length, 5);
  assert.equal(
    samples.reduce((sum, { value }) => sum + value, 0),
    1_000,
  );
});

test('a name is given once, and is a name', () => {
  const registry = new MetricsRegistry();
  registry.add(new Counter({ name: 'a', help: 'A.' }));
  assert.throws(() => registry.add(new Counter({ name: 'a', help: 'A.' })), TypeError);
  assert.throws(() => registry.add(new Counter({ name: 'a b', help: 'A.' })), TypeError);
});

test('whatever clients send, the series of the gateway stay few and name no user, device or path', (t) => {
  const measures = createGatewayMeasures({
    commands: new Set(['Sync', 'GET']),
    ...{ parked: () => 3, listeners: () => 2, deviceCount: () => 9, elapsed: () => 0 },
    writes: () => ({ waiting: 0, commits: 4 }),
  });
  t.after(() => measures.close());
  for (let number = 0; number < 3_000; number += 1) {
    measures.onRequest({
      ...{
        user: `secret${number}@example.org`,
        mailboxId: 1,
        protocol: 'activesync',
        method: `M${number}`,
        status: number % 1_000,
        seconds: 0.1,
        bytesIn: 1,
        bytesOut: 2,
      },
      fields: {
        command: number % 2 === 0 ? 'Sync' : `secret${number}`,
        ...{ device: `secret${number}`, user: `secret${number}@example.org`, path: `/secret${number}` },
        sent: { add: 2, [`secret${number}`]: 1 },
        ...{ answered: 2, statuses: [8] },
      },
    });
  }
  const text = measures.exposition();
  assert.doesNotMatch(text, /secret|M\d/);
  const samples = parseExposition(text);
  assert.ok(samples.length < 1_000, String(samples.length));
  const total = (name: string) => samples.filter((one) => one.name === name).reduce((sum, { value }) => sum + value, 0);
  assert.deepEqual(
    ['causeway_requests_total', 'causeway_sync_items_total', 'causeway_sync_collections_total', 'causeway_devices'].map(
      total,
    ),
    [3_000, 9_000, 6_000, 9],
  );
});
