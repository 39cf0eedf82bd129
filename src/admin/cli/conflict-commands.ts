import { parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { conflictText } from './conflict-text.ts';
import { UsageError } from './terminal.ts';
import { oneAddress } from './user-commands.ts';

export const conflictList: Command = {
  words: ['conflict', 'list'],
  usage: 'ADDRESS [--json]',
  summary: 'list versions of items that lost a conflict',
  help: `A device and somebody else changed the same item: the version that lost is kept for 30 days. One a line, newest first: number,
time, device, folder, item, whose version lost, the rule, and whether the item is still there. Below it the first lines of the
version that lost and of the one that is there which the other one has not; of an item that is gone those of the one that lost.

  --json  an array of objects with both versions whole, the one that lost and the one that is there

Example:
  causeway conflict list ann@example.org`,
  prepare(args) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const address = oneAddress(positionals);
    return async ({ administration, terminal }) => {
      const conflicts = await administration.conflictList({ address });
      if (values.json) terminal.out(`${JSON.stringify(conflicts, null, 2)}\n`);
      else for (const conflict of conflicts) terminal.out(conflictText(conflict));
      return 0;
    };
  },
};

export const conflictRules: Command = {
  words: ['conflict', 'rules'],
  usage: '[--json]',
  summary: 'list the conflict rules of domains and users',
  help: `One a line: domain or user, and who wins. "device conflict-rule" sets them; a rule of a device stands in "device show".

  --json  an array of objects

Example:
  causeway conflict rules`,
  prepare(args) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
    return async ({ administration, terminal }) => {
      const rules = await administration.conflictRuleList({});
      if (values.json) terminal.out(`${JSON.stringify(rules, null, 2)}\n`);
      else for (const { domain, address, rule } of rules) terminal.out(`${domain ?? address}  ${rule}\n`);
      return 0;
    };
  },
};

export const conflictRestore: Command = {
  words: ['conflict', 'restore'],
  usage: 'ADDRESS NUMBER',
  summary: 'put a version that lost back in place',
  help: `Replaces what is there by the version that lost; what was there is kept in its stead, so that this can be undone in the same
way. An item that is gone is made again. All devices get it.

Example:
  causeway conflict restore ann@example.org 3`,
  prepare(args) {
    const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
    const number = positionals[1] ?? '';
    if (!/^[1-9]\d{0,14}$/.test(number))
      throw new UsageError('The number is missing; "conflict list" shows which there are.');
    const address = oneAddress(positionals.toSpliced(1, 1));
    return async ({ administration, terminal }) => {
      const itemId = await administration.conflictRestore({ address, id: Number(number) });
      terminal.out(`restored item ${itemId}\n`);
      return 0;
    };
  },
};
