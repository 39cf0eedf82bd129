import { parseArgs } from 'node:util';
import { bytesText } from '../../config/byte-sizes.ts';
import type { LiveConnection, OpenFolder, Overview } from '../calls/services.ts';
import type { Command, CommandContext } from './command.ts';
import { timeText } from './device-commands.ts';
import { writeRows } from './rows.ts';
import { oneAddress } from './user-commands.ts';

export const connectionList: Command = {
  words: ['connection', 'list'],
  usage: '[ADDRESS] [--json]',
  summary: "list the connections that are open, everybody's or a user's",
  help: `One connection a line, the newest first, at most 1,000: since when (UTC), protocol, where from, whether it is encrypted, user, device,
what it is doing, what the client calls itself.

  --json  an array of objects instead

Example:
  causeway connection list ann@example.org`,
  prepare: (args) =>
    listing(
      args,
      ({ administration }, address) => administration.connectionList({ address }),
      CONNECTIONS,
      connectionCells,
    ),
};

const CONNECTIONS = ['since', 'protocol', 'from', 'encrypted', 'user', 'device', 'does', 'program'];

function connectionCells(connection: LiveConnection): readonly string[] {
  const { since, protocol, from, isSecure, user, device, doing, isWaiting, agent } = connection;
  const work = doing === null ? 'idle' : `${doing}${isWaiting ? ' (waiting)' : ''}`;
  const secure = isSecure ? 'encrypted' : 'plain';
  const parts = [timeText(since), protocol ?? '-', from || 'local', secure, user ?? '-', device ?? '-', work];
  return [...parts, agent || '-'];
}

export const folderOpen: Command = {
  words: ['folder', 'open'],
  usage: '[ADDRESS] [--json]',
  summary: 'list who has which folder open',
  help: `One folder of one client a line, by user, at most 1,000: user, folder, protocol, device, where from, and whether the client waits
for its changes now or when it looked at it last (UTC); what was looked at more than five minutes ago is not shown.

  --json  an array of objects instead

Example:
  causeway folder open ann@example.org`,
  prepare: (args) =>
    listing(
      args,
      ({ administration }, address) => administration.openFolderList({ address }),
      OPEN_FOLDERS,
      folderCells,
    ),
};

const OPEN_FOLDERS = ['user', 'folder', 'protocol', 'device', 'from', 'looked at'];

function folderCells({ user, folder, protocol, device, from, isWatched, at }: OpenFolder): readonly string[] {
  const when = isWatched ? `waiting since ${timeText(at)}` : timeText(at);
  return [user, folder ?? '(gone)', protocol, device ?? '-', from || '-', when];
}

function listing<T>(
  args: readonly string[],
  list: (context: CommandContext, address: string | null) => Promise<readonly T[]>,
  head: readonly string[],
  cellsOf: (entry: T) => readonly string[],
): ReturnType<Command['prepare']> {
  const options = { json: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const address = positionals.length === 0 ? null : oneAddress(positionals);
  return async (context) => {
    const entries = await list(context, address);
    if (values.json) context.terminal.out(`${JSON.stringify(entries, null, 2)}\n`);
    else writeRows(context.terminal, head, entries.map(cellsOf));
    return 0;
  };
}

export const overviewCommand: Command = {
  words: ['overview'],
  usage: '[--json]',
  summary: 'show devices, requests, disk and quotas at one glance',
  help: `Shows devices by access and protocol, what was synchronised and what failed in the last minutes, who waits, connections, disk space,
mailboxes that run full, and since when the server runs.

  --json  an object instead, with the last 60 minutes one by one

Example:
  causeway overview`,
  prepare(args) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
    return async ({ administration, terminal }) => {
      const overview = await administration.overview({});
      terminal.out(values.json ? `${JSON.stringify(overview, null, 2)}\n` : overviewText(overview));
      return 0;
    };
  },
};

function overviewText(overview: Overview): string {
  const { devices, syncsPerMinute, errorsPerMinute, parked, connections, disk, quotas, since } = overview;
  const { allowed, quarantined, blocked } = devices.byAccess;
  const protocols = devices.byProtocol.map(({ protocol, devices: count }) => `${protocol} ${count}`);
  const space =
    disk === null ? '-' : `${bytesText(disk.freeBytes)} of ${bytesText(disk.totalBytes)} free, ${disk.state}`;
  const lines = [
    `running since  ${since === null ? 'no server runs' : timeText(since)}`,
    `devices        ${devices.total}: ${allowed} allowed, ${quarantined} quarantined, ${blocked} blocked`,
    `protocols      ${protocols.join(', ') || '-'}`,
    `syncs          ${ratesText(syncsPerMinute)}`,
    `errors         ${ratesText(errorsPerMinute)}`,
    `waiting        ${parked}`,
    `connections    ${connections}`,
    `disk           ${space}`,
    `mailboxes      ${quotas.warned} nearly full or full, ${quotas.full} of them full`,
  ];
  return `${lines.join('\n')}\n`;
}

function ratesText(perMinute: readonly number[]): string {
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  return `${sum(perMinute.slice(-1))} this minute, ${sum(perMinute.slice(-6, -1))} in the five before, ${sum(perMinute)} in an hour`;
}
