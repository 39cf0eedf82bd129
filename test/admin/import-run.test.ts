import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { findFiles } from '../../src/admin/cli/find-files.ts';
import { importFiles } from '../../src/admin/cli/import-run.ts';
import { createImportTargets } from '../../src/admin/cli/import-targets.ts';
import { ANN, adminBench, inFolder } from './bench.ts';

test('progress is told within a big file, never goes back and ends at the whole', () =>
  inFolder(async (folder) => {
    const { administration } = adminBench();
    await administration.userAdd(ANN);
    const message = (n: number) => `From a@b Thu Jan  1 00:00:00 2026\nMessage-ID: <${n}@x>\nSubject: s\n\nbody\n\n`;
    await writeFile(join(folder, 'a.mbox'), Array.from({ length: 40 }, (_, n) => message(n)).join(''));
    const { files } = await findFiles([join(folder, 'a.mbox')]);
    const told: number[] = [];
    let whole = 0;
    await importFiles(
      {
        administration,
        address: ANN.address,
        targets: createImportTargets(administration, ANN.address, null),
        progress(done, total) {
          told.push(done);
          whole = total;
        },
        onRefusal: ({ reason }) => assert.fail(reason),
      },
      files,
    );
    assert.ok(told.some((done) => done > 0 && done < whole));
    assert.deepEqual(
      told,
      told.toSorted((a, b) => a - b),
    );
    assert.equal(told.at(-1), whole);
  }));
