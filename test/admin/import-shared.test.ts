import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { skipWithout } from '../support/shared-data.ts';
import { ANN } from './bench.ts';
import { cliBench } from './cli-bench.ts';

const SHARED = join(import.meta.dirname, '../../../shared/data');

for (const kind of ['ics', 'vcf', 'eml']) {
  test(`files of other programs: every ${kind} file is imported or refused by name, twice alike`, {
    skip: skipWithout(kind),
  }, async () => {
    const { causeway, administration } = cliBench();
    await administration.userAdd(ANN);
    const line = ['import', ANN.address, join(SHARED, kind)];
    const first = await causeway(line);
    assert.notEqual(first.code, 2, first.err);
    for (const refused of first.err.trimEnd().split('\n').filter(Boolean)) {
      assert.match(refused, /^(?:refused|left out): \S+__\S+\.(?:ics|vcf|eml)(?::\d+)?: \S.*$/);
    }
    const [, imported, refusals] = /^imported (\d+): .*; (\d+) refused/m.exec(first.out)!;
    assert.ok(Number(imported) > 10, first.out);
    assert.equal((first.err.match(/^refused: /gm) ?? []).length, Number(refusals));
    const second = await causeway(line);
    assert.equal(second.err, first.err);
    assert.match(second.out, new RegExp(`^imported ${imported}: 0 new, `, 'm'));
  });
}
