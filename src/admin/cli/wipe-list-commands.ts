import { parseArgs } from 'node:util';
import { WIPE_STATES, type WipeState } from '../../store/device-store.ts';
import type { Administration } from '../administration.ts';
import type { WipeEntry, WipeSettings } from '../calls/wipe.ts';
import type { Command } from './command.ts';
import { timeText } from './device-commands.ts';
import { writeRows } from './rows.ts';
import { UsageError } from './terminal.ts';
import { oneAddress } from './user-commands.ts';

const PAGE = 500;

export const deviceWipes: Command = {
  words: ['device', 'wipes'],
  usage: '[ADDRESS] [--state STATE] [--domain NAME] [--json]',
  summary: 'list the wipes of devices',
  help: `One device a line, newest contact first: user, id, state, how, when it was asked for and by whom, when it was sent, when it ended,
address it answered from, reason. Times are UTC. Earlier wipes of a device are in "device show".

  --state STATE  only those that are waiting-for-consent, pending, sent, acknowledged, failed, silent or cancelled
  --domain NAME  only devices of users of a domain
  --json         an array of objects

Example:
  causeway device wipes --state silent`,
  prepare(args) {
    const text = { type: 'string' } as const;
    const options = { state: text, domain: text, json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const address = positionals.length === 0 ? null : oneAddress(positionals);
    const state = values.state === undefined ? null : stateOf(values.state);
    const domain = values.domain ?? null;
    return async ({ administration, terminal }) => {
      const wipes: WipeEntry[] = [];
      for await (const entry of wipesOf(administration, { address, state, domain })) wipes.push(entry);
      if (values.json) terminal.out(`${JSON.stringify(wipes, null, 2)}\n`);
      else writeRows(terminal, COLUMNS, wipes.map(cellsOf));
      return 0;
    };
  },
};

type Wanted = Omit<Parameters<Administration['wipeList']>[0], 'after' | 'limit'>;

async function* wipesOf(administration: Administration, wanted: Wanted): AsyncIterable<WipeEntry> {
  for (let after: string | null = null; ; ) {
    const page = await administration.wipeList({ ...wanted, after, limit: PAGE });
    yield* page.wipes;
    if (page.next === null) return;
    after = page.next;
  }
}

function stateOf(word: string): WipeState {
  const state = WIPE_STATES.find((one) => one === word);
  if (state === undefined) throw new UsageError(`--state is ${WIPE_STATES.join(', ')}, not "${word}".`);
  return state;
}

const COLUMNS = ['user', 'device', 'state', 'how', 'asked for', 'by', 'sent', 'ended', 'from', 'reason'];

function cellsOf({ owner, device, wipe }: WipeEntry): readonly string[] {
  const { state, method, at, by, sentAt, endedAt, remoteAddress, why } = wipe;
  const times = [timeText(at), by, timeText(sentAt), timeText(endedAt)];
  return [owner || '-', device, state, method, ...times, remoteAddress ?? '-', why];
}

export const deviceWipeSettings: Command = {
  words: ['device', 'wipe-settings'],
  usage: '[--second-person on|off] [--silent-after DAYS] [--json]',
  summary: 'show or set what holds for all wipes',
  help: `Without options shows what is set.

  --second-person on|off  whether another person has to consent before a wipe begins
  --silent-after DAYS     days on which nothing moves until a wipe counts as silent, 1 to 365; it is carried out all the same
  --json                  one object

Example:
  causeway device wipe-settings --second-person on --silent-after 14`,
  prepare(args) {
    const text = { type: 'string' } as const;
    const options = { 'second-person': text, 'silent-after': text, json: { type: 'boolean' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    const person = values['second-person'];
    const days = values['silent-after'];
    if (person !== undefined && person !== 'on' && person !== 'off')
      throw new UsageError('--second-person is on or off.');
    if (days !== undefined && !/^\d{1,4}$/.test(days)) throw new UsageError('--silent-after is a number of days.');
    const changes = {
      ...(person === undefined ? {} : { secondPerson: person === 'on' }),
      ...(days === undefined ? {} : { silentAfterDays: Number(days) }),
    };
    return async ({ administration, terminal }) => {
      const before = await administration.wipeSettingsShow();
      const isShown = Object.keys(changes).length === 0;
      const settings = isShown ? before : await administration.wipeSettingsSet({ settings: { ...before, ...changes } });
      terminal.out(values.json ? `${JSON.stringify(settings, null, 2)}\n` : settingsText(settings));
      return 0;
    };
  },
};

function settingsText({ secondPerson, silentAfterDays }: WipeSettings): string {
  return `second person: ${secondPerson ? 'on' : 'off'}\nsilent after:  ${silentAfterDays} days\n`;
}
