// First of all, before anything is imported that an older Node cannot even read.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(
    `causeway needs Node.js 24.15 or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      'Run it with "npm run --silent causeway --", which uses the Node.js that "npm ci" installed.\n',
  );
  process.exit(2);
}

// Whoever reads only the first lines closes the pipe: nothing more can be said then.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(2);
});

const [{ runCli }, { openLocalAdministration, SYSTEM_CLOCK, SYSTEM_RANDOM }] = await Promise.all([
  import('./admin/cli/run-cli.ts'),
  import('./server/compose-admin.ts'),
]);

process.exitCode = await runCli(process.argv.slice(2), {
  terminal: {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    stdin: process.stdin,
    isInputTerminal: process.stdin.isTTY === true,
    columns: process.stderr.isTTY === true ? process.stderr.columns : null,
  },
  clock: SYSTEM_CLOCK,
  random: SYSTEM_RANDOM,
  defaultData: process.env.CAUSEWAY_DATA || './data',
  openLocal: openLocalAdministration,
});
