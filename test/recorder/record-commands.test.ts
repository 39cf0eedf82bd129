import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { SILENT_LOG } from '../../src/observe/log.ts';
import { createRecorder } from '../../src/recorder/recorder.ts';
import { ANN, adminBench, inFolder } from '../admin/bench.ts';
import { cliBench } from '../admin/cli-bench.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { seededRandom } from '../support/random.ts';

test('a recording is begun, listed, ended, saved and removed by the command line', () =>
  inFolder(async (folder) => {
    const parts = { clock: fakeClock(), random: seededRandom(5).bytes, log: SILENT_LOG, formats: [] };
    const recorder = createRecorder({ ...parts, folder: join(folder, 'recordings') });
    const { causeway, administration } = cliBench(adminBench({ recorder }));
    await administration.userAdd(ANN);
    const started = await causeway([
      'record',
      'start',
      ANN.address,
      '--device',
      'D1',
      '--minutes',
      '5',
      '--with-contents',
    ]);
    assert.equal(started.code, 0);
    assert.match(started.err, /WITH CONTENTS/);
    const id = started.out.trim();
    const listed = await causeway(['record', 'list']);
    assert.match(
      listed.out,
      new RegExp(`^${id}  ann@example.org  D1  .*  0 exchanges  0 bytes  recording  CONTENTS\n$`),
    );
    assert.deepEqual((await causeway(['record', 'stop', id])).out, `stopped ${id}: 0 exchanges\n`);
    assert.match((await causeway(['record', 'list', '--json'])).out, /"reason": "stopped"/);
    const to = join(folder, 'saved');
    assert.match((await causeway(['record', 'save', id, '--to', to])).out, /^saved 1 files/);
    const again = await causeway(['record', 'save', id, '--to', to]);
    assert.deepEqual([again.code, /is not empty/.test(again.err)], [2, true]);
    assert.equal((await causeway(['replay', to])).code, 2);
    assert.equal((await causeway(['record', 'remove', id])).out, `removed ${id}\n`);
    assert.equal((await causeway(['record', 'list'])).out, '');
  }));

test('what is wrong in a call is told before anything is done', async () => {
  const { causeway } = cliBench();
  for (const line of [
    ['record', 'start'],
    ['record', 'start', ANN.address, '--minutes', 'soon'],
    ['record', 'start', ANN.address, '--device', ''],
    ['record', 'save', 'x'],
    ['record', 'stop'],
    ['replay'],
    ['replay', 'captures'],
    ['replay', 'captures/activesync-14.1/daily', '--user', 'x'],
    ['replay', 'captures/activesync-14.1/daily', '--to', 'http://a.example'],
    ['replay', 'captures/activesync-14.1/daily', '--to', 'ftp://a.example', '--password-stdin'],
  ]) {
    const { code, out, err } = await causeway(line);
    assert.deepEqual([code, out], [2, ''], line.join(' '));
    assert.match(err, /Usage: causeway/);
  }
});
