import { parseArgs } from 'node:util';
import { DEVICE_ACCESS_STATES } from '../../store/device-store.ts';
import type { Administration } from '../administration.ts';
import type { DeviceSummary } from '../calls/devices.ts';
import type { Command } from './command.ts';
import { rowsOn } from './rows.ts';
import { UsageError } from './terminal.ts';
import { oneAddress } from './user-commands.ts';

const PAGE = 500;

export const deviceList: Command = {
  words: ['device', 'list'],
  usage: '[ADDRESS] [--search TEXT] [--access STATE] [--protocol NAME] [--domain NAME] [--json]',
  summary: "list everybody's devices, or a user's",
  help: `One device a line, newest contact first: user, id, type, protocol and version, access, time of the last contact, address
it came from, status. Programs that name no device (calendars, contacts) are told apart by the name they send.

  --search TEXT    only those in which every word stands somewhere: in user, id, type, program, model, system, address
  --access STATE   only those that are allowed, quarantined or blocked
  --protocol NAME  only those of a protocol: activesync, webdav
  --domain NAME    only those of users of a domain
  --json           an array of objects with all that is known

Examples:
  causeway device list ann@example.org
  causeway device list --access quarantined
  causeway device list --search "iphone example.org"`,
  prepare(args) {
    const text = { type: 'string' } as const;
    const options = { search: text, access: text, protocol: text, domain: text, json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const address = positionals.length === 0 ? null : oneAddress(positionals);
    const access = values.access === undefined ? null : accessState(values.access);
    const { search, protocol = null, domain = null } = values;
    return async ({ administration, terminal }) => {
      const devices = devicesOf(administration, { address, text: search ?? null, access, protocol, domain });
      if (values.json) {
        const all: DeviceSummary[] = [];
        for await (const device of devices) all.push(device);
        terminal.out(`${JSON.stringify(all, null, 2)}\n`);
        return 0;
      }
      const rows = rowsOn(terminal, COLUMNS);
      for await (const device of devices) rows.add(cellsOf(device));
      rows.end();
      return 0;
    };
  },
};

type Wanted = Omit<Parameters<Administration['deviceList']>[0], 'order' | 'after' | 'limit'>;

async function* devicesOf(administration: Administration, wanted: Wanted): AsyncIterable<DeviceSummary> {
  for (let after: string | null = null; ; ) {
    const page = await administration.deviceList({ ...wanted, order: 'contact', after, limit: PAGE });
    yield* page.devices;
    if (page.next === null) return;
    after = page.next;
  }
}

function accessState(word: string) {
  const state = DEVICE_ACCESS_STATES.find((one) => one === word);
  if (state === undefined) throw new UsageError(`--access is ${DEVICE_ACCESS_STATES.join(', ')}, not "${word}".`);
  return state;
}

const COLUMNS = ['user', 'device', 'type', 'protocol', 'access', 'last contact', 'from', 'status'];

function cellsOf({
  owner,
  device,
  type,
  protocol,
  version,
  access,
  lastSeenAt,
  remoteAddress,
  status,
}: DeviceSummary): readonly string[] {
  const what = [protocol, ...(version === null ? [] : [version])].join(' ');
  const parts = [owner || '-', device, type || '-', what, access, timeText(lastSeenAt), remoteAddress || '-'];
  // A device that was wiped is let in by the rules still: only its status says that it is refused.
  return [...parts, status];
}

/** UTC, to the minute. */
export function timeText(at: number | null): string {
  return at === null ? '-' : new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

/** ADDRESS DEVICE. */
export function addressAndDevice(positionals: readonly string[]): { address: string; device: string } {
  const device = positionals[1];
  if (device === undefined) throw new UsageError('The device is missing; "device list" shows which there are.');
  return { address: oneAddress(positionals.toSpliced(1, 1)), device };
}

export const deviceRemove: Command = {
  words: ['device', 'remove'],
  usage: 'ADDRESS DEVICE',
  summary: 'forget a device',
  help: `Forgets the device and what it holds. Nothing is removed from the mailbox or from the device. When it comes again, it
is registered anew, the access rules decide about it anew, and it reads everything once. Its app passwords end.

Example:
  causeway device remove ann@example.org ApplDNPG1234`,
  prepare(args) {
    const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
    const named = addressAndDevice(positionals);
    return async ({ administration, terminal }) => {
      await administration.deviceRemove(named);
      terminal.out(`removed ${named.device}\n`);
      return 0;
    };
  },
};
