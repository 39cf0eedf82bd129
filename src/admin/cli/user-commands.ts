import { parseArgs } from 'node:util';
import { generatePassword } from '../../auth/generate-password.ts';
import { formatAddress, parseAddress } from '../address.ts';
import type { Command, CommandContext } from './command.ts';
import { readLine, UsageError } from './terminal.ts';

const PASSWORD_HELP = `Without --password-stdin a password is made and printed once. A password is never taken as an
argument, where other users of the machine could read it.`;

export const userAdd: Command = {
  words: ['user', 'add'],
  usage: 'ADDRESS [--password-stdin] [--admin] [--name NAME]',
  summary: 'add a user with a mailbox',
  createsData: true,
  help: `Adds the user and a mailbox with all default folders.
${PASSWORD_HELP}

  --password-stdin  take the password from the first line of standard input
  --admin           the user may administer the whole server; "user role" gives a part of that
  --name NAME       the name people see

Examples:
  causeway user add ann@example.org --name "Ann Lee"
  printf '%s' "$PASSWORD" | causeway user add ann@example.org --password-stdin --admin`,
  prepare(args) {
    const options = {
      'password-stdin': { type: 'boolean' },
      admin: { type: 'boolean' },
      name: { type: 'string' },
    } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const address = oneAddress(positionals);
    return async (context) => {
      const { password, isMade } = await choosePassword(context, values['password-stdin'] === true);
      const isAdmin = values.admin === true;
      const user = await context.administration.userAdd({
        address,
        password,
        isAdmin,
        displayName: values.name ?? null,
      });
      context.terminal.out(`added ${user.address}\n${isMade ? `password: ${password}\n` : ''}`);
      return 0;
    };
  },
};

export const userList: Command = {
  words: ['user', 'list'],
  usage: '[--json]',
  summary: 'list the users',
  help: `One user a line: address, "admin" for administrators ("user show" says of what), name.

  --json  an array of objects instead

Example:
  causeway user list --json`,
  prepare(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean' } },
      allowPositionals: true,
    });
    if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is one argument too many.`);
    return async ({ administration, terminal }) => {
      const users = await administration.userList();
      if (values.json) {
        terminal.out(`${JSON.stringify(users, null, 2)}\n`);
        return 0;
      }
      const width = Math.max(0, ...users.map(({ address }) => address.length));
      for (const { address, isAdmin, displayName } of users) {
        terminal.out(`${`${address.padEnd(width)}  ${isAdmin ? 'admin' : 'user '}  ${displayName ?? ''}`.trimEnd()}\n`);
      }
      return 0;
    };
  },
};

export const userPasswd: Command = {
  words: ['user', 'passwd'],
  usage: 'ADDRESS [--password-stdin]',
  summary: "set a user's password",
  help: `Sets the password. Devices that still use the old one are refused at once.
${PASSWORD_HELP}

  --password-stdin  take the password from the first line of standard input

Example:
  printf '%s' "$PASSWORD" | causeway user passwd ann@example.org --password-stdin`,
  prepare(args) {
    const options = { 'password-stdin': { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const address = oneAddress(positionals);
    return async (context) => {
      const { password, isMade } = await choosePassword(context, values['password-stdin'] === true);
      await context.administration.userPasswd({ address, password });
      context.terminal.out(`password of ${address} set\n${isMade ? `password: ${password}\n` : ''}`);
      return 0;
    };
  },
};

export const userRemove: Command = {
  words: ['user', 'remove'],
  usage: 'ADDRESS [--yes]',
  summary: 'remove a user and the mailbox',
  help: `Removes the user at once and then the mailbox with everything in it. It cannot be undone: "causeway export" keeps a
copy. What waits for changes is answered and refused from then on, recordings end, and whoever gets the address later is in no
group and has no policy or conflict rule of this user. On a terminal the address must be typed once more; a script is not asked.

  --yes  do not ask on a terminal either

Example:
  causeway user remove ann@example.org --yes`,
  prepare(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { yes: { type: 'boolean' } },
      allowPositionals: true,
    });
    const address = oneAddress(positionals);
    return async (context) => {
      if (!values.yes && context.terminal.isInputTerminal) await confirm(context, address);
      await context.administration.userRemove({ address });
      context.terminal.out(`removed ${address} with the mailbox\n`);
      return 0;
    };
  },
};

/** The only positional argument as an address in its plain form. */
export function oneAddress(positionals: readonly string[]): string {
  const [address, more] = positionals;
  if (address === undefined) throw new UsageError('The address is missing.');
  if (more !== undefined) throw new UsageError(`"${more}" is one argument too many.`);
  return formatAddress(parseAddress(address));
}

async function choosePassword(context: CommandContext, fromInput: boolean) {
  if (!fromInput) return { password: generatePassword(context.random), isMade: true };
  const password = await readLine(context.terminal);
  if (password === '') throw new UsageError('No password came on standard input.');
  return { password, isMade: false };
}

async function confirm({ terminal }: CommandContext, address: string): Promise<void> {
  terminal.err(`This removes ${address} and everything in the mailbox. Type the address to go on: `);
  if ((await readLine(terminal)).trim().toLowerCase() !== address)
    throw new Error('That is another address. Nothing was removed.');
}
