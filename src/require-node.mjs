// Loaded before any TypeScript, in syntax that old Node versions read, because they would fail with a riddle instead.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  console.error(
    `Causeway needs Node 24.15 or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      'Run it through npm in the project folder after "npm ci", which installs the right Node on x86-64 Linux; elsewhere install Node 24 first.',
  );
  process.exit(78);
}
