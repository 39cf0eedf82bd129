import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { UsageError } from './terminal.ts';

export const policyShow: Command = {
  words: ['policy', 'show'],
  usage: '',
  summary: 'show what is asked of devices',
  help: `Prints the policy for devices as JSON, in the form that "policy set --file" takes. Settings that ask for nothing are
left out. Exit code 1: what is stored is no policy; the mistakes are on standard error.

Example:
  causeway policy show`,
  prepare(args) {
    parseArgs({ args: [...args], options: {} });
    return async ({ administration, terminal }) => {
      const { policy, problems } = await administration.policyShow({});
      if (problems.length === 0) {
        terminal.out(`${JSON.stringify(policy, null, 2)}\n`);
        return 0;
      }
      for (const problem of problems) terminal.err(`${problem}\n`);
      return 1;
    };
  },
};

export const policySet: Command = {
  words: ['policy', 'set'],
  usage: '[--file FILE.json] [--required yes|no]',
  summary: 'set what is asked of devices',
  help: `Sets the policy that phones fetch. Those that have another one fetch it at their next request.

  --file FILE.json   the whole policy: an object with "settings" (names and values as in [MS-ASPROV] 2.2.2, such as
                     "DevicePasswordEnabled": true, "MinDevicePasswordLength": 6) and, where they are not as written here,
                     "required": false, "allowPartial": true (devices that can do a part of it may go on),
                     "allowExternal": true (devices that are managed elsewhere may go on)
  --required yes|no  whether devices that never fetch the policy, or refuse it, are turned away

Examples:
  causeway policy set --file policy.json
  causeway policy set --required yes`,
  prepare(args) {
    const options = { file: { type: 'string' }, required: { type: 'string' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    const { file, required } = values;
    if (file === undefined && required === undefined) throw new UsageError('Neither --file nor --required is given.');
    if (required !== undefined && required !== 'yes' && required !== 'no') {
      throw new UsageError(`--required is yes or no, not "${required}".`);
    }
    return async ({ administration, terminal }) => {
      const base = file === undefined ? await presentPolicy(administration) : await readObjectFile(file);
      const policy = required === undefined ? base : { ...base, required: required === 'yes' };
      const set = await administration.policySet({ policy });
      const count = Object.keys(set.settings).length;
      terminal.out(
        `policy set: ${count} ${count === 1 ? 'setting' : 'settings'}, ${set.required ? '' : 'not '}required\n`,
      );
      return 0;
    };
  },
};

type PolicyCalls = Parameters<ReturnType<Command['prepare']>>[0]['administration'];

async function presentPolicy(administration: PolicyCalls): Promise<object> {
  const { policy, problems } = await administration.policyShow({});
  if (problems.length === 0) return policy;
  throw new Error(`What is stored is no policy (${problems.join('; ')}); set a whole one with --file.`);
}

/** The JSON object in a file. @throws UsageError */
export async function readObjectFile(file: string): Promise<object> {
  const text = await readFile(file, 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new UsageError(`${file} holds no object.`);
}
