import { parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { createProgressBar } from './progress-bar.ts';
import { oneAddress } from './user-commands.ts';

export const check: Command = {
  words: ['check'],
  usage: '[--json]',
  summary: 'look for anything wrong with configuration, certificate and data',
  help: `Looks at the configuration, the certificate's expiry, the users and the whole store, and prints one line for each
finding. Exit code 0: nothing found, 1: something found, 2: it could not be looked at.

  --json  an array of objects instead

Example:
  causeway --data /var/lib/causeway check`,
  prepare(args) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
    return async ({ administration, terminal, clock }) => {
      const bar = createProgressBar(terminal, clock, 'checking');
      const findings = await administration.check({}, bar.update).finally(bar.clear);
      if (values.json) terminal.out(`${JSON.stringify(findings, null, 2)}\n`);
      else terminal.out(findings.map(({ area, message }) => `${area}: ${message}\n`).join('') || 'nothing found\n');
      return findings.length === 0 ? 0 : 1;
    };
  },
};

export const unlock: Command = {
  words: ['unlock'],
  usage: '',
  summary: 'lift all sign-in lockouts',
  help: `Lets everyone sign in again who is locked out after too many wrong passwords, and forgets the failures counted.
Locks live in the running server; a stopped one has none.

Example:
  causeway unlock`,
  prepare(args) {
    parseArgs({ args: [...args], options: {} });
    return async ({ administration, terminal }) => {
      await administration.unlockAll();
      terminal.out('all sign-in lockouts are lifted\n');
      return 0;
    };
  },
};

export const folderList: Command = {
  words: ['folder', 'list'],
  usage: 'ADDRESS [--json]',
  summary: "list a mailbox's folders",
  help: `One folder a line: id, class, name, and the shown name where it differs.

  --json  an array of objects with all that is known instead

Example:
  causeway folder list ann@example.org`,
  prepare(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const address = oneAddress(positionals);
    return async ({ administration, terminal }) => {
      const folders = await administration.folderList({ address });
      if (values.json) {
        terminal.out(`${JSON.stringify(folders, null, 2)}\n`);
        return 0;
      }
      for (const { id, itemClass, name, displayName } of folders) {
        const shown = displayName === null || displayName === name ? '' : `  (${displayName})`;
        terminal.out(`${String(id).padStart(4)}  ${itemClass.padEnd(8)}  ${name}${shown}\n`);
      }
      return 0;
    };
  },
};
