import { parseArgs } from 'node:util';
import { bytesText, parseBytes } from '../../config/byte-sizes.ts';
import type { Administration } from '../administration.ts';
import type { SpaceLimit, WatchSettings } from '../calls/watch.ts';
import type { Command } from './command.ts';
import { readObjectFile } from './policy-commands.ts';
import { UsageError } from './terminal.ts';

type Quota = WatchSettings['quota']['everybody'];

export const watchShow: Command = {
  words: ['watch', 'show'],
  usage: '[--json]',
  summary: 'show disk space, its limits, and the quotas for everybody and for domains',
  help: `Shows how much space there is where the data folder lies, from when on administrators are warned and nothing more is taken,
and what mailboxes may hold. Exit code 1: what is stored cannot be used; the mistakes are on standard error.

  --json  an object instead: "watch" is what "watch set --file" takes

Example:
  causeway watch show`,
  prepare(args) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
    return async ({ administration, terminal }) => {
      const shown = await administration.watchShow({});
      terminal.out(values.json ? `${JSON.stringify(shown, null, 2)}\n` : textOf(shown));
      for (const problem of shown.problems) terminal.err(`${problem}\n`);
      return shown.problems.length === 0 ? 0 : 1;
    };
  },
};

function textOf({ watch, disk }: Awaited<ReturnType<Administration['watchShow']>>): string {
  const space =
    disk === null
      ? 'no server looks'
      : `${bytesText(disk.freeBytes)} of ${bytesText(disk.totalBytes)} free, ${disk.state}`;
  const { everybody, domains, warnAt } = watch.quota;
  const lines = [
    `disk          ${space}`,
    `soft limit    ${limitText(watch.disk.soft)}`,
    `hard limit    ${limitText(watch.disk.hard)}`,
    `quota         ${quotaText(everybody)}`,
    ...Object.entries(domains).map(([domain, quota]) => `quota         ${quotaText(quota)}  ${domain}`),
    `warned at     ${Math.round(warnAt * 1000) / 10} %`,
  ];
  return `${lines.join('\n')}\n`;
}

function limitText(limit: SpaceLimit | null): string {
  if (limit === null) return 'none';
  return limit.unit === 'bytes' ? `${bytesText(limit.free)} free` : `${limit.free} % free`;
}

/** For people, e.g. `2 GiB, any number of items`. */
export function quotaText({ bytes, items }: Quota): string {
  if (bytes === null && items === null) return 'no limit';
  return `${bytes === null ? 'any size' : bytesText(bytes)}, ${items === null ? 'any number of' : items} items`;
}

export const watchSet: Command = {
  words: ['watch', 'set'],
  usage:
    '[--soft LIMIT] [--hard LIMIT] [--bytes SIZE] [--items N] [--domain NAME [--as-everybody]] [--warn-at PERCENT] [--file FILE.json]',
  summary: 'set limits of disk space, and what mailboxes may hold',
  help: `Changes what is given, in force at once. Limits are of free space where the data folder lies.

  --soft LIMIT       warn administrators below it: a size such as 5GiB, a share such as 10%, or none
  --hard LIMIT       take nothing more below it; reading and deleting go on
  --bytes SIZE       what each mailbox may hold that has no quota of its own ("user quota"), or none
  --items N          how many messages, events, contacts, tasks and notes together, or none
  --domain NAME      --bytes and --items are for the users of this domain
  --as-everybody     the domain has no quota of its own any more
  --warn-at PERCENT  share of a quota from which its owner is told by mail, at most once a day
  --file FILE.json   all of it, as "watch show --json" shows it

Examples:
  causeway watch set --soft 10% --hard 1GiB
  causeway watch set --bytes 5GiB --items 100000
  causeway watch set --domain example.org --bytes none`,
  prepare(args) {
    const text = { type: 'string' } as const;
    const options = {
      ...{ soft: text, hard: text, bytes: text, items: text, domain: text, file: text },
      'as-everybody': { type: 'boolean' },
      'warn-at': text,
    } as const;
    const { values } = parseArgs({ args: [...args], options });
    const change = changeOf(values);
    return async ({ administration, terminal }) => {
      const base = values.file === undefined ? await presentWatch(administration) : await readObjectFile(values.file);
      await administration.watchSet({ watch: change(base) });
      terminal.out(textOf(await administration.watchShow({})));
      return 0;
    };
  },
};

interface Given {
  readonly soft?: string | undefined;
  readonly hard?: string | undefined;
  readonly bytes?: string | undefined;
  readonly items?: string | undefined;
  readonly domain?: string | undefined;
  readonly file?: string | undefined;
  readonly 'as-everybody'?: boolean | undefined;
  readonly 'warn-at'?: string | undefined;
}

/** Reads what was given, and gives what it makes of the settings. @throws UsageError */
function changeOf(given: Given): (base: object) => object {
  if (Object.values(given).every((value) => value === undefined)) throw new UsageError('Nothing is given to be set.');
  const { soft, hard, bytes, items, domain } = given;
  const isAsEverybody = given['as-everybody'] === true;
  const hasQuota = bytes !== undefined || items !== undefined;
  if (isAsEverybody && (domain === undefined || hasQuota)) {
    throw new UsageError('--as-everybody goes with --domain, and without --bytes and --items.');
  }
  if (domain !== undefined && !isAsEverybody && !hasQuota) {
    throw new UsageError('--domain goes with --bytes, --items or --as-everybody.');
  }
  const disk = { ...(soft && { soft: limitOf('soft', soft) }), ...(hard && { hard: limitOf('hard', hard) }) };
  const quota = {
    ...(bytes !== undefined && { bytes: sizeOrNone('bytes', bytes) }),
    ...(items !== undefined && { items: countOrNone('items', items) }),
  };
  const warnAt = given['warn-at'] === undefined ? {} : { warnAt: percentOf(given['warn-at']) };
  return (base) => {
    const watch = base as WatchSettings;
    const { everybody = {}, domains = {}, ...rest } = (watch.quota ?? {}) as Partial<WatchSettings['quota']>;
    return {
      ...watch,
      disk: { ...watch.disk, ...disk },
      quota: {
        ...rest,
        ...warnAt,
        everybody: domain === undefined ? { ...everybody, ...quota } : everybody,
        domains:
          domain === undefined ? domains : withDomain(domains, domain.toLowerCase(), isAsEverybody ? null : quota),
      },
    };
  };
}

function withDomain(domains: WatchSettings['quota']['domains'], domain: string, quota: Partial<Quota> | null): object {
  const { [domain]: before, ...others } = domains;
  return quota === null ? others : { ...others, [domain]: { ...before, ...quota } };
}

async function presentWatch(administration: Administration): Promise<object> {
  const { watch, problems } = await administration.watchShow({});
  if (problems.length === 0) return watch;
  throw new Error(`What is stored cannot be used (${problems.join('; ')}); set all of it with --file.`);
}

function limitOf(name: string, text: string): SpaceLimit | null {
  if (text === 'none') return null;
  const percent = /^(\d{1,2}(?:\.\d+)?)\s*%$/.exec(text)?.[1];
  if (percent !== undefined) return { unit: 'percent', free: Number(percent) };
  const free = parseBytes(text);
  if (free !== null) return { unit: 'bytes', free };
  throw new UsageError(`--${name} is a size such as 5GiB, a share such as 10%, or none, not "${text}".`);
}

/** @throws UsageError */
export function sizeOrNone(name: string, text: string): number | null {
  if (text === 'none') return null;
  const bytes = parseBytes(text);
  if (bytes !== null) return bytes;
  throw new UsageError(`--${name} is a size such as 500MiB or 5GiB, or none, not "${text}".`);
}

/** @throws UsageError */
export function countOrNone(name: string, text: string): number | null {
  if (text === 'none') return null;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} is a whole number, or none, not "${text}".`);
}

function percentOf(text: string): number {
  const percent = /^\d{1,3}(?:\.\d)?$/.test(text.replace(/\s*%$/, '')) ? Number.parseFloat(text) : 0;
  if (percent >= 10 && percent <= 100) return percent / 100;
  throw new UsageError(`--warn-at is a number from 10 to 100, not "${text}".`);
}
