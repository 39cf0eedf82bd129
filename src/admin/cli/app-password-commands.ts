import { parseArgs } from 'node:util';
import type { AppPasswordEntry, AppPasswordSetup } from '../calls/app-passwords.ts';
import { qrTerminal } from '../qr.ts';
import type { Command } from './command.ts';
import { timeText } from './device-commands.ts';
import { writeRows } from './rows.ts';
import { UsageError } from './terminal.ts';
import { oneAddress } from './user-commands.ts';

export const appPasswordAdd: Command = {
  words: ['app-password', 'add'],
  usage: 'ADDRESS --label TEXT [--protocol NAME]... [--server URL] [--qr] [--json]',
  summary: 'make a password for one device',
  help: `Makes a password that one device signs in with, beside the account's own, and prints it once with what to type
into which program. The first device that uses it is the only one that may; it ends with "app-password revoke", when
its device is removed or blocked, and with the user. It administers nothing.

  --label TEXT     what its user calls it, e.g. "phone"
  --protocol NAME  only for activesync or webdav (CalDAV and CardDAV); may be given again
  --server URL     where people reach this server, when the setting publicUrl does not say
  --qr             show server, user name and password as a QR code as well, to be scanned and copied
  --json           an object

Example:
  causeway app-password add ann@example.org --label phone --protocol activesync --qr`,
  prepare(args) {
    const options = {
      label: { type: 'string' },
      protocol: { type: 'string', multiple: true },
      server: { type: 'string' },
      qr: { type: 'boolean' },
      json: { type: 'boolean' },
    } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const address = oneAddress(positionals);
    const { label, protocol: protocols = null, server = null, qr, json } = values;
    if (label === undefined) throw new UsageError('The label is missing: --label "phone".');
    if (qr && json) throw new UsageError('--qr is for people and --json for programs; choose one.');
    return async ({ administration, terminal }) => {
      const added = await administration.appPasswordAdd({ address, label, protocols, server });
      if (json) terminal.out(`${JSON.stringify(added, null, 2)}\n`);
      else terminal.out(`added ${added.entry.id}\npassword: ${added.password}\n${setupText(added.setup)}`);
      if (qr) terminal.out(`\n${qrTerminal(added.setup.text)}`);
      return 0;
    };
  },
};

function setupText({ programs }: AppPasswordSetup): string {
  const parts = programs.map(({ program, hint, fields }) => {
    const lines = fields.map(({ name, value }) => `  ${name.padEnd(10)} ${value}\n`);
    return `\n${program}\n${hint === '' ? '' : `  ${hint}\n`}${lines.join('')}`;
  });
  return parts.join('');
}

export const appPasswordList: Command = {
  words: ['app-password', 'list'],
  usage: 'ADDRESS [--json]',
  summary: "list a user's app passwords",
  help: `One a line: id, state, label, protocols, the device it belongs to, last use (exact to ten minutes) and from which
address. The last twenty that ended are listed at the end.

  --json  an array of objects instead

Example:
  causeway app-password list ann@example.org`,
  prepare(args) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const address = oneAddress(positionals);
    return async ({ administration, terminal }) => {
      const entries = await administration.appPasswordList({ address });
      if (values.json) terminal.out(`${JSON.stringify(entries, null, 2)}\n`);
      else writeRows(terminal, COLUMNS, entries.map(cellsOf));
      return 0;
    };
  },
};

const COLUMNS = ['id', 'state', 'label', 'protocols', 'device', 'last use'];

function cellsOf({ id, label, protocols, device, revokedAt, ...use }: AppPasswordEntry): readonly string[] {
  const state = revokedAt === null ? 'valid' : `revoked ${timeText(revokedAt)}`;
  const lastUse = use.lastUsedAt === null ? 'never used' : `${timeText(use.lastUsedAt)}  ${use.lastUsedFrom ?? ''}`;
  return [id, state, label, protocols?.join(',') ?? 'all', device?.id ?? 'no device yet', lastUse];
}

export const appPasswordRevoke: Command = {
  words: ['app-password', 'revoke'],
  usage: 'ADDRESS ID | ADDRESS --all',
  summary: 'end an app password, or all of a user',
  help: `Ends the app password at once: requests that wait are answered, and the next one is refused. The account's own
password stays, as app passwords do when that one is changed.

  --all  end all of the user's

Examples:
  causeway app-password revoke ann@example.org kmtr-wyzb
  causeway app-password revoke ann@example.org --all`,
  prepare(args) {
    const options = { all: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [given, id = null, ...more] = positionals;
    const address = oneAddress([...(given === undefined ? [] : [given]), ...more]);
    if ((id === null) !== (values.all === true)) throw new UsageError('Give the id of one app password, or --all.');
    return async ({ administration, terminal }) => {
      const count = await administration.appPasswordRevoke({ address, id });
      terminal.out(`revoked ${count} app ${count === 1 ? 'password' : 'passwords'} of ${address}\n`);
      return 0;
    };
  },
};
