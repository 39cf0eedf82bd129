import { parseArgs } from 'node:util';
import type { DeviceWipe } from '../../store/device-store.ts';
import type { DeviceDetails } from '../calls/devices.ts';
import { scopeText } from '../policy-scope.ts';
import type { Command } from './command.ts';
import { addressAndDevice, timeText } from './device-commands.ts';

export const deviceShow: Command = {
  words: ['device', 'show'],
  usage: 'ADDRESS DEVICE [--json]',
  summary: 'show all that is known of a device',
  help: `What it is, when and from where it came, whether it may come in and who said so, the folders it synchronises with the time
of the last sync (from before the last start: of the last change told or taken), items it cannot take, the conflict rule, its policy and how far it came with it;
whether a request of it waits to be told of changes, the last 20 ends of waiting with their reason, the last 20 requests that
went wrong. Times are UTC.

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
  const lines = [...factLines(details), ...folderLines(details), ...activityLines(details)];
  return `${lines.map(([name, value]) => `${`${name}:`.padEnd(16)}${value}`).join('\n')}\n`;
}

type Line = readonly [name: string, value: string];

function factLines(details: DeviceDetails): Line[] {
  const { information, protocol, version } = details;
  return [
    ['user', details.owner || '-'],
    ['device', details.device],
    ['status', details.status],
    ['type', details.type || '-'],
    ['kind', details.kind],
    ['program', details.agent || '-'],
    ...Object.entries(information).map(([name, value]): Line => [name, value]),
    ['protocol', `${protocol} ${version ?? ''}`.trimEnd()],
    ['registered', timeText(details.firstSeenAt)],
    ['last contact', timeText(details.lastSeenAt)],
    ['last sync', timeText(details.lastSyncAt)],
    ['remote host', details.remoteAddress || '-'],
    ['signed in by', credentialText(details)],
    ['access', accessText(details)],
    ['policy', policyText(details)],
    ...recoveryLines(details),
    ['conflict rule', conflictText(details)],
    ...[...details.wipeHistory, ...(details.wipeDetails === null ? [] : [details.wipeDetails])].map(
      (wipe): Line => ['wipe', wipeText(wipe)],
    ),
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

function wipeText({
  state,
  method,
  by,
  consentBy,
  at,
  sentAt,
  endedAt,
  remoteAddress,
  why,
  endedBy,
}: DeviceWipe): string {
  const who = consentBy === null ? by : `${by} with ${consentBy}`;
  const end = [timeText(endedAt), ...(endedBy === null ? [] : [`by ${endedBy}`]), remoteAddress ?? ''];
  const times = `asked ${timeText(at)} by ${who}, sent ${timeText(sentAt)}, ended ${end.join(' ').trimEnd()}`;
  return `${state} (${method}), ${times}, ${why}`;
}

function recoveryLines({ recoveryPassword }: DeviceDetails): Line[] {
  if (recoveryPassword === null) return [];
  return [['recovery', `password deposited ${timeText(recoveryPassword.depositedAt)}`]];
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

const STANDINGS: Readonly<Record<DeviceDetails['policyStanding']['state'], string>> = {
  none: 'none fetched',
  current: 'applied',
  partly: 'applied in part',
  refused: 'refused',
  external: 'managed elsewhere',
  outdated: 'has another one, fetches it at its next request',
};

function policyText({ policyStanding: { from, state } }: DeviceDetails): string {
  return `${STANDINGS[state]}; in force: that of ${scopeText(from)}`;
}

function activityLines({ push, errors }: DeviceDetails): Line[] {
  const { state, since, heartbeatSeconds, wakeUps } = push;
  const waits = { waiting: 'waits', away: 'does not wait', never: 'has not waited yet' }[state];
  const about = since === null ? [] : [`since ${timeText(since)}`, `heartbeat ${heartbeatSeconds} s`];
  return [
    ['push', [waits, ...about].join(', ')],
    ...wakeUps.map(({ at, why }): Line => ['woken', `${timeText(at)}, ${why}`]),
    ...errors.map(({ at, what }): Line => ['error', `${timeText(at)}, ${what}`]),
  ];
}
