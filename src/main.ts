// First of all, before anything is imported that an older Node cannot even read.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(
    `Causeway needs Node.js 24.15 or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      'Start it with "npm start", which uses the Node.js that "npm ci" installed, or install Node.js 24.\n',
  );
  process.exit(1);
}

const [{ runProcess }, { openBackend }] = await Promise.all([
  import('./server/run-process.ts'),
  import('./server/compose.ts'),
]);
await runProcess(process.argv.slice(2), openBackend);
