import { parseArgs } from 'node:util';
import type { DeviceSummary } from '../administration.ts';
import type { Command } from './command.ts';
import { UsageError } from './terminal.ts';
import { oneAddress } from './user-commands.ts';

export const deviceList: Command = {
  words: ['device', 'list'],
  usage: 'ADDRESS [--json]',
  summary: "list a user's devices",
  help: `One device a line: id, type, protocol version, time of the last contact, address it came from.

  --json  an array of objects with all that is known

Example:
  causeway device list ann@example.org`,
  prepare(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const address = oneAddress(positionals);
    return async ({ administration, terminal }) => {
      const devices = await administration.deviceList({ address });
      if (values.json) terminal.out(`${JSON.stringify(devices, null, 2)}\n`);
      else for (const device of devices) terminal.out(`${lineOf(device)}\n`);
      return 0;
    };
  },
};

function lineOf({ device, type, protocol, version, lastSeenAt, remoteAddress }: DeviceSummary): string {
  const seen = new Date(lastSeenAt).toISOString().slice(0, 16).replace('T', ' ');
  return [device, type || '-', `${protocol} ${version ?? '-'}`, seen, remoteAddress || '-'].join('  ');
}

export const deviceRemove: Command = {
  words: ['device', 'remove'],
  usage: 'ADDRESS DEVICE',
  summary: 'forget a device',
  help: `Forgets the device and what it holds. Nothing is removed from the mailbox or from the device. When it comes again, it
is registered anew and reads everything once.

Example:
  causeway device remove ann@example.org ApplDNPG1234`,
  prepare(args) {
    const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
    const device = positionals[1];
    if (device === undefined) throw new UsageError('The device is missing; "device list" shows which there are.');
    const address = oneAddress(positionals.toSpliced(1, 1));
    return async ({ administration, terminal }) => {
      await administration.deviceRemove({ address, device });
      terminal.out(`removed ${device}\n`);
      return 0;
    };
  },
};
