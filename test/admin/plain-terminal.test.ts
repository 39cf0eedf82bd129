import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainTerminal } from '../../src/admin/cli/plain-terminal.ts';
import type { Terminal } from '../../src/admin/cli/terminal.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { registered } from '../contract/device-register.ts';
import { ANN, adminBench } from './bench.ts';
import { cliBench } from './cli-bench.ts';

const EVIL = 'a\u001b]0;x\u0007\u009b2J\u202egnp.exe\rb';
const COMMANDS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;

test('ECMA-48 §5.4 no name that a device chose commands the terminal, and JSON says it as it is', async () => {
  const bench = adminBench();
  await bench.administration.userAdd(ANN);
  const { mailboxId } = (await bench.stores.directory.user('ann', 'example.org'))!;
  const device = registered('phone', ANN.address, 5, { agent: EVIL, information: { Model: EVIL } });
  await bench.stores.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.putDevice(device));
  const { causeway } = cliBench(bench);
  const { out } = await causeway(['device', 'show', ANN.address, 'phone']);
  assert.doesNotMatch(out, COMMANDS);
  assert.match(out, /\\u009b2J\\u202egnp\.exe/);
  const json = (await causeway(['device', 'show', ANN.address, 'phone', '--json'])).out;
  assert.doesNotMatch(json, COMMANDS);
  assert.equal((JSON.parse(json) as { agent: string }).agent, EVIL);
});

test('progress is drawn, and what stands in a message commands nothing else', () => {
  const written: string[] = [];
  const terminal: Terminal = {
    ...{ out: () => undefined, err: (text) => written.push(text) },
    ...{ stdin: (async function* () {})(), isInputTerminal: false, isOutputTerminal: false, columns: 80 },
  };
  plainTerminal(terminal).err('\r50 %\u001b[K file\u009b2J\u202e\n');
  assert.deepEqual(written, ['\r50 %\u001b[K file\\u009b2J\\u202e\n']);
});
