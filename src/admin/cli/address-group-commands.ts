import { parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { UsageError } from './terminal.ts';

export const addressGroupList: Command = {
  words: ['address-group', 'list'],
  usage: '[--json]',
  summary: 'list the address groups',
  help: `One group a line: name, addresses and ranges, services that are limited to it.

  --json  an array of objects instead

Example:
  causeway address-group list`,
  prepare(args) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
    return async ({ administration, terminal }) => {
      const groups = await administration.addressGroupList({});
      if (values.json) terminal.out(`${JSON.stringify(groups, null, 2)}\n`);
      else {
        for (const { name, ranges, usedBy } of groups) {
          terminal.out(`${name}  ${ranges.join(' ')}  ${usedBy.join(' ') || '-'}\n`);
        }
      }
      return 0;
    };
  },
};

export const addressGroupSet: Command = {
  words: ['address-group', 'set'],
  usage: 'NAME [RANGE...] [--json]',
  summary: 'set which addresses are in an address group',
  help: `Sets all of them, in force at once. Without a RANGE the group is removed, unless a service is limited to it.
A RANGE is an address or a network: 192.0.2.7, 10.0.0.0/8, 2001:db8::/32.

  --json  the group and the warnings as an object

Examples:
  causeway address-group set office 192.0.2.0/24 2001:db8::/48
  causeway address-group set office`,
  prepare(args) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [name, ...ranges] = positionals;
    if (name === undefined) throw new UsageError('The name of the group is missing.');
    return async ({ administration, terminal }) => {
      const set = await administration.addressGroupSet({ name, ranges });
      if (values.json) terminal.out(`${JSON.stringify(set, null, 2)}\n`);
      else terminal.out(ranges.length === 0 ? `${name} removed\n` : `${name}  ${set.group.ranges.join(' ')}\n`);
      for (const warning of set.warnings) terminal.err(`${warning}\n`);
      return 0;
    };
  },
};
