import { runCli } from './admin/cli/run-cli.ts';
import { openLocalAdministration, SYSTEM_CLOCK, SYSTEM_RANDOM } from './server/compose-admin.ts';

// Whoever reads only the first lines closes the pipe: nothing more can be said then.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(2);
});

// Timers of the clock let the process end: one that waits for what comes must not.
const hold = setInterval(() => undefined, 60_000);

process.exitCode = await runCli(process.argv.slice(2), {
  terminal: {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    stdin: process.stdin,
    isInputTerminal: process.stdin.isTTY === true,
    isOutputTerminal: process.stdout.isTTY === true,
    // A terminal that does not know its size says 0.
    columns: process.stderr.isTTY === true ? process.stderr.columns || 80 : null,
  },
  clock: SYSTEM_CLOCK,
  random: SYSTEM_RANDOM,
  defaultData: process.env.CAUSEWAY_DATA || './data',
  openLocal: openLocalAdministration,
  // The whole server: no other command needs it.
  replay: async () => (await import('./server/compose-replay.ts')).REPLAY_SERVICES,
});
clearInterval(hold);
