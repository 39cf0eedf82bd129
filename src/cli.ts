import { runCli } from './admin/cli/run-cli.ts';
import type { Terminal } from './admin/cli/terminal.ts';
import { openLocalAdministration, SYSTEM_CLOCK, SYSTEM_RANDOM } from './server/compose-admin.ts';

const terminal: Terminal = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  stdin: process.stdin,
  isInputTerminal: process.stdin.isTTY === true,
  columns: process.stderr.isTTY === true ? process.stderr.columns : null,
};

process.exitCode = await runCli(process.argv.slice(2), {
  terminal,
  clock: SYSTEM_CLOCK,
  random: SYSTEM_RANDOM,
  defaultData: process.env.CAUSEWAY_DATA || './data',
  openLocal: openLocalAdministration,
});
