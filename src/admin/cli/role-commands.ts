import { parseArgs } from 'node:util';
import { ADMIN_SCOPES, type AdminRole, isAdminScope } from '../../domain/admin-role.ts';
import type { UserDetails } from '../calls/users.ts';
import type { Command } from './command.ts';
import { timeText } from './device-commands.ts';
import { UsageError } from './terminal.ts';
import { oneAddress } from './user-commands.ts';

export const userShow: Command = {
  words: ['user', 'show'],
  usage: 'ADDRESS [--json]',
  summary: 'show all that is known of a user',
  help: `What the user may administer, how much the mailbox holds of what it may hold, how many folders and devices there are,
and the groups the user is in. Times are UTC.

  --json  one object

Example:
  causeway user show ann@example.org`,
  prepare(args) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const address = oneAddress(positionals);
    return async ({ administration, terminal }) => {
      const details = await administration.userShow({ address });
      terminal.out(values.json ? `${JSON.stringify(details, null, 2)}\n` : textOf(details));
      return 0;
    };
  },
};

export const userRole: Command = {
  words: ['user', 'role'],
  usage: 'ADDRESS (--scopes SCOPES [--domain DOMAIN] | --none) [--json]',
  summary: 'say what a user may administer',
  help: `Makes a user an administrator for the Admin API and the pages, changes what one may do, or takes it. Whoever is signed in
with the old role is signed out. One administrator of the whole server always stays.

  --scopes SCOPES  with commas between: read (look at everything but what people wrote), helpdesk (devices, passwords,
                   recordings, conflicts), wipe (wipe devices), admin (users, roles, rules, policies, items)
  --domain DOMAIN  only the people of this domain; without it the whole server
  --none           no administrator any more
  --json           the user as an object

Examples:
  causeway user role ann@example.org --scopes read,helpdesk,wipe --domain example.org
  causeway user role ann@example.org --none`,
  prepare(args) {
    const options = {
      scopes: { type: 'string' },
      domain: { type: 'string' },
      none: { type: 'boolean' },
      json: { type: 'boolean' },
    } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const address = oneAddress(positionals);
    const role = readRole(values.scopes, values.domain ?? null, values.none === true);
    return async ({ administration, terminal }) => {
      const user = await administration.userRoleSet({ address, role });
      const text = `${user.address}: ${roleText(user.role)}\n`;
      terminal.out(values.json ? `${JSON.stringify(user, null, 2)}\n` : text);
      return 0;
    };
  },
};

function readRole(scopes: string | undefined, domain: string | null, none: boolean): AdminRole | null {
  if ((scopes === undefined) !== none) throw new UsageError('Give either --scopes or --none.');
  if (scopes === undefined) {
    if (domain !== null) throw new UsageError('--domain goes with --scopes.');
    return null;
  }
  const words = scopes.split(',').map((word) => word.trim());
  const unknown = words.find((word) => !isAdminScope(word));
  if (unknown !== undefined) throw new UsageError(`"${unknown}" is no scope; there are ${ADMIN_SCOPES.join(', ')}.`);
  return { scopes: words.filter(isAdminScope), domain };
}

function roleText(role: AdminRole | null): string {
  if (role === null) return 'no administrator';
  return `${role.scopes.join(', ')} ${role.domain === null ? 'on the whole server' : `in ${role.domain}`}`;
}

function textOf(details: UserDetails): string {
  const { usedBytes, quotaBytes, items, quotaItems, groups } = details;
  const of = (limit: number | null) => (limit === null ? '' : ` of ${limit}`);
  const lines = [
    ['user', details.address],
    ['name', details.displayName ?? '-'],
    ['administers', details.role === null ? 'nothing' : roleText(details.role)],
    ['added', timeText(details.createdAt)],
    ['bytes', `${usedBytes}${of(quotaBytes)}`],
    ['items', `${items}${of(quotaItems)}`],
    ['folders', String(details.folders)],
    ['devices', String(details.devices)],
    ['groups', groups.length === 0 ? '-' : groups.join(', ')],
  ] as const;
  return lines.map(([name, value]) => `${`${name}:`.padEnd(14)}${value}\n`).join('');
}
