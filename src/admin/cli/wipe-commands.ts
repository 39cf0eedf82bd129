import { parseArgs } from 'node:util';
import type { DeviceWipe } from '../../store/device-store.ts';
import type { WipeForecast } from '../calls/wipe.ts';
import type { Command } from './command.ts';
import { addressAndDevice } from './device-commands.ts';
import { UsageError } from './terminal.ts';

export const deviceWipeForecast: Command = {
  words: ['device', 'wipe-forecast'],
  usage: 'ADDRESS DEVICE [--json]',
  summary: 'say what a wipe of a device would erase',
  help: `How this very client would be wiped, what it erases and what it keeps, as far as that is known, and what else has to be done.
Nothing is sent.

  --json  one object

Example:
  causeway device wipe-forecast ann@example.org ApplDNPG1234`,
  prepare(args) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const named = addressAndDevice(positionals);
    return async ({ administration, terminal }) => {
      const forecast = await administration.wipeForecast(named);
      terminal.out(values.json ? `${JSON.stringify(forecast, null, 2)}\n` : forecastText(forecast));
      return 0;
    };
  },
};

export const deviceWipe: Command = {
  words: ['device', 'wipe'],
  usage: 'ADDRESS DEVICE [--account] --why TEXT [--json]',
  summary: 'have a device erase itself when it comes next',
  help: `The device is told at its next request, what it waits for ends at once, and until it has answered it gets nothing else. What it
erases stands in the answer; "device wipe-forecast" says it before. Until the wipe is sent it can be taken back with "device
wipe-cancel". A client that knows no wipe is shown its folders emptied, and may not write. Afterwards it is refused until "device
wipe-clear". The device may still come with a password that was changed meanwhile, for its wipe and nothing else.

  --account   only what it holds of this account (protocol version 16.1)
  --why TEXT  the reason, for the log
  --json      one object

Example:
  causeway device wipe ann@example.org ApplDNPG1234 --why "lost on the train"`,
  prepare(args) {
    const options = { account: { type: 'boolean' }, why: { type: 'string' }, json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const named = addressAndDevice(positionals);
    const why = requireWhy(values.why);
    const kind = values.account ? 'account' : 'full';
    return async ({ administration, terminal }) => {
      const forecast = await administration.wipeForecast(named);
      const wipe = await administration.wipeStart({ ...named, kind, why });
      if (values.json) terminal.out(`${JSON.stringify(wipe, null, 2)}\n`);
      else terminal.out(`${stateText(named.device, wipe)}\n${forecastText(forecast)}`);
      return 0;
    };
  },
};

export const deviceWipeConsent: Command = {
  words: ['device', 'wipe-consent'],
  usage: 'ADDRESS DEVICE [--json]',
  summary: 'consent to a wipe that another person asked for',
  help: `Needed where "device wipe-settings" asks for a second person. Whoever asked for the wipe cannot consent to it; on the command
line everybody is the same person.

  --json  one object

Example:
  causeway device wipe-consent ann@example.org ApplDNPG1234`,
  prepare(args) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const named = addressAndDevice(positionals);
    return async ({ administration, terminal }) => {
      const wipe = await administration.wipeConsent(named);
      terminal.out(values.json ? `${JSON.stringify(wipe, null, 2)}\n` : `${stateText(named.device, wipe)}\n`);
      return 0;
    };
  },
};

export const deviceWipeCancel: Command = {
  words: ['device', 'wipe-cancel'],
  usage: 'ADDRESS DEVICE --why TEXT [--json]',
  summary: 'take back a wipe that was not sent yet',
  help: `Refused once the device was sent its wipe, or shown its first folder emptied. Whoever finds a lost device asks for this before
switching it on.

  --why TEXT  the reason, for the log
  --json      one object

Example:
  causeway device wipe-cancel ann@example.org ApplDNPG1234 --why "found again"`,
  prepare(args) {
    const options = { why: { type: 'string' }, json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const named = addressAndDevice(positionals);
    const why = requireWhy(values.why);
    return async ({ administration, terminal }) => {
      const wipe = await administration.wipeCancel({ ...named, why });
      terminal.out(values.json ? `${JSON.stringify(wipe, null, 2)}\n` : `${stateText(named.device, wipe)}\n`);
      return 0;
    };
  },
};

export const deviceWipeClear: Command = {
  words: ['device', 'wipe-clear'],
  usage: 'ADDRESS DEVICE --why TEXT',
  summary: 'let a wiped device come again',
  help: `For a device that was wiped, that said it could not wipe itself, or that never answered what it was sent. It begins anew and
reads everything once; the access rules decide about it as about any other.

  --why TEXT  the reason, for the log

Example:
  causeway device wipe-clear ann@example.org ApplDNPG1234 --why "set up again"`,
  prepare(args) {
    const options = { why: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const named = addressAndDevice(positionals);
    const why = requireWhy(values.why);
    return async ({ administration, terminal }) => {
      await administration.wipeClear({ ...named, why });
      terminal.out(`${named.device} may come again\n`);
      return 0;
    };
  },
};

function requireWhy(why: string | undefined): string {
  if (why === undefined || why.trim() === '') throw new UsageError('The reason is missing: --why TEXT.');
  return why;
}

function stateText(device: string, { state, method, by, consentBy }: DeviceWipe): string {
  const people = consentBy === null ? by : `${by}, with ${consentBy}`;
  return `wipe of ${device}: ${state} (${method}), by ${people}`;
}

function forecastText(forecast: WipeForecast): string {
  const { method, kinds, notOffered, erases, keeps, advice, needsSecondPerson } = forecast;
  const lines = [
    `how:    ${method}; can be asked for: ${kinds.join(', ')}`,
    ...notOffered.map(({ kind, why }) => `        not ${kind}: ${why}`),
    ...erases.map((text) => `erases: ${text}`),
    ...keeps.map((text) => `keeps:  ${text}`),
    ...advice.map((text) => `note:   ${text}`),
    ...(needsSecondPerson ? ['note:   Another person has to consent before it begins.'] : []),
  ];
  return `${lines.join('\n')}\n`;
}
