import { parseArgs } from 'node:util';
import { accessText } from './access-text.ts';
import type { Command } from './command.ts';
import { readObjectFile } from './policy-commands.ts';
import { UsageError } from './terminal.ts';

export const accessShow: Command = {
  words: ['access', 'show'],
  usage: '[--json]',
  summary: 'show who may come in with what',
  help: `Prints what happens where no rule fits, how many devices a user may have, the rules and the switches of protocols. Of both the
first that fits decides. Exit code 1: what is stored are no rules; the mistakes are on standard error, and the last rules that
were good are in force.

  --json  an object instead, in the form that "access set --file" takes

Examples:
  causeway access show
  causeway access show --json > rules.json`,
  prepare(args) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
    return async ({ administration, terminal }) => {
      const { access, problems } = await administration.accessShow({});
      if (problems.length === 0)
        terminal.out(values.json ? `${JSON.stringify(access, null, 2)}\n` : accessText(access));
      for (const problem of problems) terminal.err(`${problem}\n`);
      return problems.length === 0 ? 0 : 1;
    };
  },
};

export const accessSet: Command = {
  words: ['access', 'set'],
  usage: '--file FILE.json',
  summary: 'set who may come in with what',
  help: `Sets the access rules and decides anew about every device, except those about which "device allow" or "device block" said
something. The file is an object with any of:

  "rules"           a list, of which the first that fits decides: "match" (every part must fit: type, model, os, agent, user,
                    domain, protocol; * stands for anything, case does not count; group is a name from "group list"), "access"
                    (allow, quarantine: it waits until "device allow", block), "why", and beside quarantine "approval":
                    administrator, or user: the device's user may let it in, too
  "default"         the same three, where no rule fits; allow when left out
  "defaultApproval" beside a default of quarantine: as "approval"
  "maximumPerUser"  devices a user may have; blocked ones do not count, and those that are there already stay
  "protocols"       a list, of which the first that fits decides: "match" (user, group, domain, protocol) and "on"

What a device tells of its model and system it tells after its first request.

Example:
  { "rules": [{ "match": { "type": "iPhone", "group": "staff" }, "access": "allow" },
              { "match": { "os": "Android 4*" }, "access": "block", "why": "too old" }],
    "default": "quarantine",
    "protocols": [{ "match": { "user": "ann@example.org", "protocol": "webdav" }, "on": false }] }

  causeway access set --file access.json`,
  prepare(args) {
    const { values } = parseArgs({ args: [...args], options: { file: { type: 'string' } } });
    const { file } = values;
    if (file === undefined) throw new UsageError('--file is missing.');
    return async ({ administration, terminal }) => {
      const { access, changed } = await administration.accessSet({ access: await readObjectFile(file) });
      terminal.out(`access rules set: ${access.rules.length}, else ${access.default}; ${changedText(changed)}\n`);
      return 0;
    };
  },
};

function changedText(count: number): string {
  return `${count} ${count === 1 ? 'device' : 'devices'} changed`;
}

export const groupList: Command = {
  words: ['group', 'list'],
  usage: '[--json]',
  summary: 'list the groups of users that access rules speak of',
  help: `One group a line: its name and the addresses in it.

  --json  an object with a list of addresses for each name

Example:
  causeway group list`,
  prepare(args) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
    return async ({ administration, terminal }) => {
      const groups = await administration.groupList({});
      if (values.json) terminal.out(`${JSON.stringify(groups, null, 2)}\n`);
      else for (const [name, users] of Object.entries(groups)) terminal.out(`${name}  ${users.join(' ')}\n`);
      return 0;
    };
  },
};

export const groupSet: Command = {
  words: ['group', 'set'],
  usage: 'NAME [ADDRESS ...]',
  summary: 'set who is in a group of users',
  help: `The group has these users and no others; without any it is removed, unless an access rule or a policy is about it. The access
rules decide anew about every device.

Examples:
  causeway group set staff ann@example.org bob@example.org
  causeway group set staff`,
  prepare(args) {
    const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
    const [name, ...users] = positionals;
    if (name === undefined) throw new UsageError('The name of the group is missing.');
    return async ({ administration, terminal }) => {
      const changed = await administration.groupSet({ name, users });
      const what = users.length === 0 ? 'removed' : `${users.length} ${users.length === 1 ? 'user' : 'users'}`;
      terminal.out(`group ${name}: ${what}; ${changedText(changed)}\n`);
      return 0;
    };
  },
};
