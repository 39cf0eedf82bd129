import { parseArgs } from 'node:util';
import type { DeviceDetails } from '../calls/devices.ts';
import type { Command } from './command.ts';
import { addressAndDevice, timeText } from './device-commands.ts';

export const deviceShow: Command = {
  words: ['device', 'show'],
  usage: 'ADDRESS DEVICE [--json]',
  summary: 'show all that is known of a device',
  help: `What it is, when and from where it came, whether it may come in and who said so, the folders it synchronises with the time
of the last change that was told or taken, items it cannot take, the conflict rule, the state of its policy. Times are UTC.

  --json  one object

Example:
  causeway device show ann@example.org ApplDNPG1234`,
  prepare(args) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const named = addressAndDevice(positionals);
    return async ({ administration, terminal }) => {
      const details = await administration.deviceShow(named);
      terminal.out(values.json ? `${JSON.stringify(details, null, 2)}\n` : textOf(details));
      return 0;
    };
  },
};

function textOf(details: DeviceDetails): string {
  const lines = [...factLines(details), ...folderLines(details)];
  return `${lines.map(([name, value]) => `${`${name}:`.padEnd(16)}${value}`).join('\n')}\n`;
}

type Line = readonly [name: string, value: string];

function factLines(details: DeviceDetails): Line[] {
  const { information, protocol, version, policy } = details;
  return [
    ['user', details.owner || '-'],
    ['device', details.device],
    ['type', details.type || '-'],
    ['program', details.agent || '-'],
    ...Object.entries(information).map(([name, value]): Line => [name, value]),
    ['protocol', `${protocol} ${version ?? ''}`.trimEnd()],
    ['registered', timeText(details.firstSeenAt)],
    ['last contact', timeText(details.lastSeenAt)],
    ['last sync', timeText(details.lastSyncAt)],
    ['remote host', details.remoteAddress || '-'],
    ['signed in by', credentialText(details)],
    ['access', accessText(details)],
    ['policy', policy.key === null ? 'none acknowledged' : `acknowledged, answer ${policy.answer ?? '-'}`],
    ['conflict rule', conflictText(details)],
  ];
}

function credentialText({ credential }: DeviceDetails): string {
  if (credential === null) return '-';
  return credential.startsWith('password:') ? 'the account’s password' : credential.replace(/^app:/, 'app password ');
}

function accessText({ access, decision }: DeviceDetails): string {
  if (decision === null) return access;
  const { by, who, why, at } = decision;
  return [access, `by ${who ?? by}`, timeText(at), ...(why === '' ? [] : [why])].join(', ');
}

function conflictText({ conflictRule, conflictRuleInForce: inForce }: DeviceDetails): string {
  if (inForce === null) return 'as the client asks, else server-wins';
  return conflictRule === null ? `${inForce}, of its user or domain` : inForce;
}

function folderLines({ synchronised, quarantine }: DeviceDetails): Line[] {
  return [
    ...synchronised.map(({ folder, folderId, lastSyncAt }): Line => {
      return ['folder', `${folder} (${folderId}), last sync ${timeText(lastSyncAt)}`];
    }),
    ...quarantine.map(({ folder, itemId, reason }): Line => ['item held back', `${folder} ${itemId}, ${reason}`]),
  ];
}
