import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { PolicyScope, ScopedPolicy } from '../../config/device-policies.ts';
import type { DevicePolicy } from '../../config/device-policy.ts';
import type { Administration } from '../administration.ts';
import { scopeText } from '../policy-scope.ts';
import type { Command } from './command.ts';
import { addressAndDevice } from './device-commands.ts';
import { policyText } from './policy-text.ts';
import { UsageError } from './terminal.ts';

const SCOPE_USAGE = '[--domain NAME | --group NAME | --user ADDRESS [--device ID]]';

const SCOPE_HELP = `  --domain NAME      that of the users of a domain
  --group NAME       that of the users of a group; who is in several has that of the first by name
  --user ADDRESS     that of a user
  --device ID        with --user: that of one device of the user, which need not have come yet`;

const SCOPE_OPTIONS = {
  domain: { type: 'string' },
  group: { type: 'string' },
  user: { type: 'string' },
  device: { type: 'string' },
} as const;

interface ScopeValues {
  readonly domain?: string | undefined;
  readonly group?: string | undefined;
  readonly user?: string | undefined;
  readonly device?: string | undefined;
}

/** @throws UsageError */
function scopeOf({ domain, group, user, device }: ScopeValues): PolicyScope {
  const given = [domain, group, user].filter((one) => one !== undefined);
  if (given.length > 1) throw new UsageError('A policy is of a domain, a group or a user: only one of them is given.');
  if (device !== undefined && user === undefined) throw new UsageError('--device needs its --user.');
  if (domain !== undefined) return { kind: 'domain', name: domain };
  if (group !== undefined) return { kind: 'group', name: group };
  if (user === undefined) return { kind: 'everybody' };
  return device === undefined ? { kind: 'user', address: user } : { kind: 'device', address: user, device };
}

export const policyList: Command = {
  words: ['policy', 'list'],
  usage: '[--json]',
  summary: 'list the policies there are, and for whom',
  help: `One policy a line: for whom, whether it is required, how many settings ask for something. A device has one policy, as a whole:
its own, else that of its user, of the user's group, of the domain, of everybody. Exit code 1: what is stored has mistakes, which
are on standard error.

  --json  an array of objects with scope and policy

Example:
  causeway policy list`,
  prepare(args) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
    return async ({ administration, terminal }) => {
      const { policies, problems } = await administration.policyList({});
      if (values.json) terminal.out(`${JSON.stringify(policies, null, 2)}\n`);
      else for (const policy of policies) terminal.out(`${lineOf(policy)}\n`);
      for (const problem of problems) terminal.err(`${problem}\n`);
      return problems.length === 0 ? 0 : 1;
    };
  },
};

function lineOf({ scope, policy }: ScopedPolicy): string {
  return `${scopeText(scope)}  ${wordsOf(policy)}`;
}

function wordsOf({ required, settings }: DevicePolicy): string {
  const count = Object.keys(settings).length;
  return `${count} ${count === 1 ? 'setting' : 'settings'}, ${required ? '' : 'not '}required`;
}

export const policyShow: Command = {
  words: ['policy', 'show'],
  usage: `${SCOPE_USAGE} [--json]`,
  summary: 'show what is asked of devices',
  help: `Prints a policy for devices: that of everybody, or another one. Settings that ask for nothing are left out. Exit code 1: what is
stored is no policy; the mistakes are on standard error.

${SCOPE_HELP}
  --json             an object instead, in the form that "policy set --file" takes

Examples:
  causeway policy show
  causeway policy show --group staff --json > staff.json`,
  prepare(args) {
    const options = { ...SCOPE_OPTIONS, json: { type: 'boolean' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    const scope = scopeOf(values);
    return async ({ administration, terminal }) => {
      const { policy, problems } = await administration.policyShow({ scope });
      if (problems.length === 0) {
        terminal.out(values.json ? `${JSON.stringify(policy, null, 2)}\n` : policyText(scope, policy));
        return 0;
      }
      for (const problem of problems) terminal.err(`${problem}\n`);
      return 1;
    };
  },
};

export const policySet: Command = {
  words: ['policy', 'set'],
  usage: `[--file FILE.json] [--required yes|no] ${SCOPE_USAGE}`,
  summary: 'set what is asked of devices',
  help: `Sets the policy that phones fetch: that of everybody, or another one. The devices for which it is in force then and who have
another one are called to fetch it.

  --file FILE.json   the whole policy: an object with "settings" (names and values as in [MS-ASPROV] 2.2.2, such as
                     "DevicePasswordEnabled": true, "MinDevicePasswordLength": 6) and, where they are not as written here,
                     "required": false, "allowPartial": true (devices that can do a part of it may go on),
                     "allowExternal": true (devices that are managed elsewhere may go on),
                     "exempt": [] (kinds of devices that may go on without it though it is required, such as
                     { "agent": "Outlook/1*" }: type, model, os, agent, all of which must fit; * stands for anything)
  --required yes|no  whether devices that never fetch the policy, or refuse it, are turned away
${SCOPE_HELP}

Examples:
  causeway policy set --file policy.json
  causeway policy set --required yes
  causeway policy set --file strict.json --user ann@example.org --device ApplDNPG1234`,
  prepare(args) {
    const options = { ...SCOPE_OPTIONS, file: { type: 'string' }, required: { type: 'string' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    const { file, required } = values;
    const scope = scopeOf(values);
    if (file === undefined && required === undefined) throw new UsageError('Neither --file nor --required is given.');
    if (required !== undefined && required !== 'yes' && required !== 'no') {
      throw new UsageError(`--required is yes or no, not "${required}".`);
    }
    return async ({ administration, terminal }) => {
      const base = file === undefined ? await presentPolicy(administration, scope) : await readObjectFile(file);
      const given = required === undefined ? base : { ...base, required: required === 'yes' };
      const { policy, changed } = await administration.policySet({ scope, policy: given });
      terminal.out(`policy of ${scopeText(scope)} set: ${wordsOf(policy!)}; ${changedText(changed)}\n`);
      return 0;
    };
  },
};

function changedText(count: number): string {
  return `another one than before for ${count} ${count === 1 ? 'device' : 'devices'}`;
}

export const policyRemove: Command = {
  words: ['policy', 'remove'],
  usage: '(--everybody | --domain NAME | --group NAME | --user ADDRESS [--device ID])',
  summary: 'remove a policy',
  help: `Removes a policy; the next less specific one is in force then. Without that of everybody nothing is asked of devices.

  --everybody        that of everybody
${SCOPE_HELP}

Example:
  causeway policy remove --user ann@example.org`,
  prepare(args) {
    const options = { ...SCOPE_OPTIONS, everybody: { type: 'boolean' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    const scope = scopeOf(values);
    // Nobody means everybody by leaving out a word.
    if ((scope.kind === 'everybody') !== (values.everybody === true)) {
      throw new UsageError('Either --everybody is given, or --domain, --group or --user.');
    }
    return async ({ administration, terminal }) => {
      const { changed } = await administration.policySet({ scope, policy: null });
      terminal.out(`policy of ${scopeText(scope)} removed; ${changedText(changed)}\n`);
      return 0;
    };
  },
};

export const policyOf: Command = {
  words: ['policy', 'of'],
  usage: 'ADDRESS DEVICE [--json]',
  summary: 'show which policy is in force for a device',
  help: `Prints whose policy is in force for a device, and the policy as "policy show" does.

  --json  an object with policy and from

Example:
  causeway policy of ann@example.org ApplDNPG1234`,
  prepare(args) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const named = addressAndDevice(positionals);
    return async ({ administration, terminal }) => {
      const found = await administration.policyOf(named);
      if (values.json) terminal.out(`${JSON.stringify(found, null, 2)}\n`);
      else terminal.out(policyText(found.from, found.policy));
      return 0;
    };
  },
};

async function presentPolicy(administration: Administration, scope: PolicyScope): Promise<object> {
  const { policy, problems } = await administration.policyShow({ scope });
  if (problems.length === 0) return policy;
  throw new Error(`What is stored is no policy (${problems.join('; ')}); set a whole one with --file.`);
}

/** The JSON object in a file. @throws UsageError */
export async function readObjectFile(file: string): Promise<object> {
  const text = await readFile(file, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${code}); name a JSON file that is there and that you may read.`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new UsageError(`${file} holds no object.`);
}
