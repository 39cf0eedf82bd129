import { parseArgs } from 'node:util';
import type { QuarantineChoice, QuarantineEntry } from '../calls/quarantine.ts';
import type { Command } from './command.ts';
import { UsageError } from './terminal.ts';
import { oneAddress } from './user-commands.ts';

const REASONS: Readonly<Record<QuarantineEntry['reason'], string>> = {
  refused: 'it cannot be shown to this device',
  failed: 'showing it failed; the log has the error',
  repeats: 'the device repeated its request over it',
};

const CHOICE = { device: { type: 'string' }, item: { type: 'string' } } as const;
const CHOICE_HELP = `  --device ID  only this device's
  --item N     only this item, by the number that "quarantine list" shows`;

export const quarantineList: Command = {
  words: ['quarantine', 'list'],
  usage: 'ADDRESS [--device ID] [--json]',
  summary: 'show which items devices do not get, and why',
  help: `An item that a device cannot take is held back from that device, so that everything else reaches it. One item a line:
device, folder, item, reason, and whether the device keeps an earlier revision. It is tried again once an hour.

  --device ID  only this device's
  --json       an array of objects

Example:
  causeway quarantine list ann@example.org`,
  prepare(args) {
    const options = { device: { type: 'string' }, json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const address = oneAddress(positionals);
    return async ({ administration, terminal }) => {
      const entries = await administration.quarantineList({ address, device: values.device ?? null });
      if (values.json) terminal.out(`${JSON.stringify(entries, null, 2)}\n`);
      else for (const entry of entries) terminal.out(`${lineOf(entry)}\n`);
      return 0;
    };
  },
};

function lineOf({ device, folder, itemId, reason, isHeld }: QuarantineEntry): string {
  const kept = isHeld ? '; the device keeps an earlier revision' : '';
  return `${device}  ${folder}  ${itemId}  ${REASONS[reason]}${kept}`;
}

export const quarantineRetry: Command = {
  words: ['quarantine', 'retry'],
  usage: 'ADDRESS [--device ID] [--item N]',
  summary: 'have devices try items again',
  help: `At its next synchronisation the device is given the items again. What it still cannot take returns to quarantine.

${CHOICE_HELP}

Example:
  causeway quarantine retry ann@example.org --device ApplDNPG1234`,
  prepare(args) {
    const choice = choiceOf(args);
    return async ({ administration, terminal }) => {
      terminal.out(`${await administration.quarantineRetry(choice)} to be tried again\n`);
      return 0;
    };
  },
};

export const quarantineClear: Command = {
  words: ['quarantine', 'clear'],
  usage: 'ADDRESS [--device ID] [--item N]',
  summary: 'take items off quarantine without giving them',
  help: `The device goes without the items until they change. They stay in the mailbox.

${CHOICE_HELP}

Example:
  causeway quarantine clear ann@example.org --item 1234`,
  prepare(args) {
    const choice = choiceOf(args);
    return async ({ administration, terminal }) => {
      terminal.out(`${await administration.quarantineClear(choice)} cleared\n`);
      return 0;
    };
  },
};

function choiceOf(args: readonly string[]): QuarantineChoice {
  const { values, positionals } = parseArgs({ args: [...args], options: CHOICE, allowPositionals: true });
  const address = oneAddress(positionals);
  const { device = null, item } = values;
  if (item !== undefined && !/^[1-9]\d{0,14}$/.test(item))
    throw new UsageError(`"${item}" is not the number of an item.`);
  return { address, device, itemId: item === undefined ? null : Number(item) };
}
