import { parseArgs } from 'node:util';
import { DEVICE_CONFLICT_RULES, type DeviceAccessState } from '../../store/device-store.ts';
import type { Command } from './command.ts';
import { addressAndDevice } from './device-commands.ts';
import { UsageError } from './terminal.ts';
import { oneAddress } from './user-commands.ts';

export const deviceAllow = decisionCommand({
  word: 'allow',
  access: 'allowed',
  summary: 'let a device in, whatever the rules say',
  help: 'Lets a device in that is blocked or waits in quarantine. The access rules do not touch it any more.',
});

export const deviceBlock = decisionCommand({
  word: 'block',
  access: 'blocked',
  summary: 'keep a device out, whatever the rules say',
  help: `Keeps a device out: what it waits for ends at once, and from its next request on it is refused (ActiveSync: status 129, HTTP
403 before 14.0; WebDAV: HTTP 403). Nothing is removed from the device. A program that names no device can send another name:
against somebody who knows the password only another password helps. App passwords of the device end for good.`,
});

export const deviceByRules = decisionCommand({
  word: 'by-rules',
  access: null,
  summary: 'leave a device to the access rules again',
  help: 'Takes back what "device allow" or "device block" said; the access rules decide at once.',
});

function decisionCommand(about: {
  word: string;
  access: DeviceAccessState | null;
  summary: string;
  help: string;
}): Command {
  const { word, access, summary } = about;
  return {
    words: ['device', word],
    usage: 'ADDRESS DEVICE [--why TEXT]',
    summary,
    help: `${about.help}

  --why TEXT  the reason, for "device show" and for whoever is refused

Example:
  causeway device ${word} ann@example.org ApplDNPG1234`,
    prepare(args) {
      const options = { why: { type: 'string' } } as const;
      const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
      const named = addressAndDevice(positionals);
      const why = values.why ?? '';
      return async ({ administration, terminal }) => {
        const { state } = await administration.deviceDecide({ ...named, access, why });
        terminal.out(`${named.device} is ${state}\n`);
        return 0;
      };
    },
  };
}

export const deviceApprove: Command = {
  words: ['device', 'approve'],
  usage: 'ADDRESS DEVICE',
  summary: "let a device in as its user's own word",
  help: `Lets in a device that waits in quarantine, for a user who says that it is theirs. Only where the rule that holds it says "approval":
"user"; if the rules change so that it is blocked, it is. A device that waits for an administrator needs "device allow".

Example:
  causeway device approve ann@example.org ApplDNPG1234`,
  prepare(args) {
    const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
    const named = addressAndDevice(positionals);
    return async ({ administration, terminal }) => {
      const { state } = await administration.deviceApprove(named);
      terminal.out(`${named.device} is ${state}\n`);
      return 0;
    };
  },
};

export const deviceResync: Command = {
  words: ['device', 'resync'],
  usage: 'ADDRESS DEVICE [--folder N]',
  summary: 'have a device read its folders anew',
  help: `At its next synchronisation the device is told to begin again, and reads everything once. What it changed itself meanwhile is
taken over and done once. Programs that keep no state here (calendars, contacts) have nothing to begin again.

  --folder N  only this folder, by the number that "device show" shows

Example:
  causeway device resync ann@example.org ApplDNPG1234 --folder 4`,
  prepare(args) {
    const options = { folder: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const named = addressAndDevice(positionals);
    const { folder } = values;
    if (folder !== undefined && !/^[1-9]\d{0,14}$/.test(folder)) throw new UsageError('--folder is a number.');
    const folderId = folder === undefined ? null : Number(folder);
    return async ({ administration, terminal }) => {
      const count = await administration.deviceResync({ ...named, folderId });
      terminal.out(`${count} ${count === 1 ? 'folder' : 'folders'} to be read anew\n`);
      return count === 0 && folderId !== null ? 1 : 0;
    };
  },
};

export const deviceConflictRule: Command = {
  words: ['device', 'conflict-rule'],
  usage: '(ADDRESS [DEVICE] | --domain NAME) RULE',
  summary: 'say who wins when a device and somebody else changed the same item',
  help: `RULE is server-wins, client-wins, keep-both (the device's version becomes a second item), merge (where both changed
different things, else the server wins), or none. That of the device counts, else that of its user, else that of the domain;
without any the client may choose, else the server wins. The version that lost is in "conflict list" for 30 days.

  --domain NAME  for all users of a domain

Examples:
  causeway device conflict-rule ann@example.org ApplDNPG1234 client-wins
  causeway device conflict-rule ann@example.org merge
  causeway device conflict-rule --domain example.org keep-both`,
  prepare(args) {
    const options = { domain: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const domain = values.domain ?? null;
    const word = positionals.at(-1);
    if (word !== 'none' && !DEVICE_CONFLICT_RULES.some((rule) => rule === word)) {
      throw new UsageError(`The rule is ${DEVICE_CONFLICT_RULES.join(', ')} or none.`);
    }
    const rule = word === 'none' ? null : word!;
    const rest = positionals.slice(0, -1);
    const device = domain === null ? (rest[1] ?? null) : null;
    if (domain !== null && rest.length > 0) throw new UsageError('A rule is for a domain or for a user.');
    const address = domain === null ? oneAddress(rest.toSpliced(1, 1)) : null;
    return async ({ administration, terminal }) => {
      await administration.conflictRuleSet({ domain, address, device, rule });
      terminal.out(`conflict rule of ${device ?? address ?? domain}: ${rule ?? 'none'}\n`);
      return 0;
    };
  },
};
