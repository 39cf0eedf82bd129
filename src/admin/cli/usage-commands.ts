import { parseArgs } from 'node:util';
import { bytesText } from '../../config/byte-sizes.ts';
import type { Administration } from '../administration.ts';
import type { MailboxUsage } from '../calls/watch.ts';
import type { Command } from './command.ts';
import { rowsOn, writeRows } from './rows.ts';
import { UsageError } from './terminal.ts';
import { oneAddress } from './user-commands.ts';
import { countOrNone, quotaText, sizeOrNone } from './watch-commands.ts';

const PAGE = 500;

export const userQuota: Command = {
  words: ['user', 'quota'],
  usage: 'ADDRESS [--bytes SIZE] [--items N] [--json]',
  summary: "show or set what a user's mailbox may hold",
  help: `Without options shows how much of it is used. A quota of the user's own takes the place of that of the domain and of everybody
("watch set"), each part by itself. A mailbox that holds more keeps it, and takes nothing more.

  --bytes SIZE  a size such as 5GiB; none: no limit; default: as for the domain
  --items N     messages, events, contacts, tasks and notes together; none: no limit; default: as for the domain
  --json        an object instead

Examples:
  causeway user quota ann@example.org
  causeway user quota ann@example.org --bytes 10GiB --items none`,
  prepare(args) {
    const text = { type: 'string' } as const;
    const options = { bytes: text, items: text, json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const address = oneAddress(positionals);
    const bytes = ownOf(values.bytes, (given) => sizeOrNone('bytes', given));
    const items = ownOf(values.items, (given) => countOrNone('items', given));
    return async ({ administration, terminal }) => {
      const present = await administration.usageShow({ address });
      const isSet = bytes !== undefined || items !== undefined;
      const usage = isSet
        ? await administration.userQuotaSet({
            address,
            bytes: bytes === undefined ? present.own.bytes : bytes,
            items: items === undefined ? present.own.items : items,
          })
        : present;
      if (values.json) terminal.out(`${JSON.stringify(usage, null, 2)}\n`);
      else writeRows(terminal, COLUMNS, [cellsOf(usage)]);
      return 0;
    };
  },
};

/** Undefined: nothing was given. */
function ownOf(text: string | undefined, read: (text: string) => number | null): number | 'none' | null | undefined {
  if (text === undefined) return undefined;
  return text === 'default' ? null : (read(text) ?? 'none');
}

export const usageCommand: Command = {
  words: ['usage'],
  usage: '[--domain NAME] [--limit N] [--json]',
  summary: 'list the mailboxes, the fullest first',
  help: `One mailbox a line: share of its quota that is used (the greater of the two parts), size, items, quota, address; those without
a quota come last. A mark stands before those whose owners are warned.

  --domain NAME  only those of users of a domain
  --limit N      only so many (1 to 10000; without it all)
  --json         an array of objects instead

Examples:
  causeway usage --limit 20
  causeway usage --domain example.org --json`,
  prepare(args) {
    const text = { type: 'string' } as const;
    const options = { domain: text, limit: text, json: { type: 'boolean' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    const most = values.limit === undefined ? Number.POSITIVE_INFINITY : limitOf(values.limit);
    return async ({ administration, terminal }) => {
      const all: MailboxUsage[] = [];
      const rows = rowsOn(terminal, COLUMNS);
      for await (const usage of usagesOf(administration, values.domain ?? null, most)) {
        if (values.json) all.push(usage);
        else rows.add(cellsOf(usage));
      }
      if (values.json) terminal.out(`${JSON.stringify(all, null, 2)}\n`);
      else rows.end();
      return 0;
    };
  },
};

async function* usagesOf(
  administration: Administration,
  domain: string | null,
  most: number,
): AsyncIterable<MailboxUsage> {
  let rest = most;
  for (let after: string | null = null; rest > 0; ) {
    const page = await administration.usageList({ domain, after, limit: Math.min(PAGE, rest) });
    yield* page.usage;
    rest -= page.usage.length;
    if (page.next === null) return;
    after = page.next;
  }
}

function limitOf(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= 10_000) return limit;
  throw new UsageError('--limit takes a number from 1 to 10000.');
}

const COLUMNS = ['used', 'holds', 'quota', 'user'];

function cellsOf({ address, usedBytes, items, quota, share, isWarned }: MailboxUsage): readonly string[] {
  const percent = share === null ? '-' : `${Math.floor(share * 100)} %`;
  const used = `${bytesText(usedBytes)}, ${items} items`;
  return [`${isWarned ? '!' : ' '} ${percent.padStart(6)}`, used, `of ${quotaText(quota)}`, address];
}
