import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Problem } from './problem.ts';
import { CONFIG_FLAG, CONFIG_VARIABLE, SETTING_KEYS, type SettingKey } from './setting-keys.ts';
import { suggest } from './suggest.ts';

/** One value as a source gave it. `folder` is what a relative path in it is relative to. */
export interface Given {
  readonly value: unknown;
  readonly source: string;
  readonly folder: string;
}

/** Dotted key → what a source says; and what is wrong with the source itself. */
export interface SourceValues {
  readonly values: Map<string, Given>;
  readonly problems: Problem[];
}

const DOCS = 'docs/configuration.md lists the settings';

function unknownKey(given: string, source: string, known: readonly string[]): Problem {
  const near = suggest(given, known);
  const remedy = near ? `Did you mean ${near}?` : `Remove it; ${DOCS}`;
  return { key: given, source, reason: 'there is no such setting', remedy };
}

function textForGroup(group: string, source: string): Problem {
  const [first] = SETTING_KEYS.filter(({ key }) => key.startsWith(`${group}.`));
  const member = first?.key.slice(group.length + 1);
  return { key: group, source, reason: 'is a group of settings', remedy: `Write "${group}": { "${member}": … }` };
}

function fromText(setting: SettingKey, text: string): unknown {
  if (setting.kind === 'list')
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  // Text that is no number, or neither true nor false, stays text, and the schema says what it expected.
  if (setting.kind === 'number' && /^-?\d+(\.\d+)?$/.test(text.trim())) return Number(text);
  if (setting.kind === 'boolean' && /^(?:true|false)$/i.test(text.trim())) return text.trim().toLowerCase() === 'true';
  return text;
}

/** Flags: `--key value` or `--key=value`; lists repeat the flag or use commas. */
export function readFlags(argv: readonly string[], cwd: string): SourceValues & { config: string | null } {
  const values = new Map<string, Given>();
  const problems: Problem[] = [];
  let config: string | null = null;
  const known = [...SETTING_KEYS.map((setting) => setting.flag), CONFIG_FLAG];
  for (let i = 0; i < argv.length; i++) {
    const [flag = '', ...inline] = argv[i]!.split('=');
    const setting = SETTING_KEYS.find((candidate) => candidate.flag === flag);
    if (!setting && flag !== CONFIG_FLAG) {
      problems.push(unknownKey(flag, 'command line', known));
      // The value of an unknown flag is not a second mistake.
      if (flag.startsWith('--') && inline.length === 0 && argv[i + 1] && !argv[i + 1]!.startsWith('--')) i++;
      continue;
    }
    const text = inline.length > 0 ? inline.join('=') : argv[++i];
    if (text === undefined || (inline.length === 0 && text.startsWith('--'))) {
      problems.push({
        key: setting?.key ?? 'config',
        source: flag,
        reason: 'has no value',
        remedy: `Write ${flag} VALUE`,
      });
      if (text !== undefined) i--;
      continue;
    }
    if (!setting) {
      config = resolve(cwd, text);
      continue;
    }
    const before = values.get(setting.key)?.value;
    const value = fromText(setting, text);
    const joined = Array.isArray(value) && Array.isArray(before) ? [...before, ...value] : value;
    values.set(setting.key, { value: joined, source: flag, folder: cwd });
  }
  return { values, problems, config };
}

// Kubernetes gives every container such variables for a Service that is called "causeway".
const SERVICE_LINK = /^CAUSEWAY_(SERVICE_(HOST|PORT(_.*)?)|PORT(_.*)?)$/;

/** Environment: `CAUSEWAY_*`; lists are separated by commas. An empty variable counts as not given. */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): SourceValues & { config: string | null } {
  const values = new Map<string, Given>();
  const problems: Problem[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith('CAUSEWAY_') || name === CONFIG_VARIABLE || SERVICE_LINK.test(name) || !text) continue;
    const setting = SETTING_KEYS.find((candidate) => candidate.variable === name);
    if (setting) values.set(setting.key, { value: fromText(setting, text), source: name, folder: cwd });
    else problems.push(unknownKey(name, 'environment', [...SETTING_KEYS.map((one) => one.variable), CONFIG_VARIABLE]));
  }
  const config = env[CONFIG_VARIABLE];
  return { values, problems, config: config ? resolve(cwd, config) : null };
}

function flatten(prefix: string, node: Readonly<Record<string, unknown>>, into: Map<string, unknown>): void {
  for (const [name, value] of Object.entries(node)) {
    const key = prefix + name;
    const isGroup = SETTING_KEYS.some((setting) => setting.key.startsWith(`${key}.`));
    if (isGroup && typeof value === 'object' && value !== null && !Array.isArray(value)) {
      flatten(`${key}.`, value as Readonly<Record<string, unknown>>, into);
    } else into.set(key, value);
  }
}

/** The file: JSON with the keys nested as they are dotted. */
export function readSettingsFile(path: string): SourceValues {
  const values = new Map<string, Given>();
  const fail = (reason: string, remedy: string): SourceValues => ({
    values,
    problems: [{ key: 'config', source: path, reason, remedy }],
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    if (error instanceof SyntaxError) return fail(`is not JSON: ${error.message}`, 'Correct the file');
    return fail(`cannot be read: ${(error as Error).message}`, `Correct the path or the file's rights`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return fail('holds no JSON object', 'Write { "data": "…", … }');
  }
  const flat = new Map<string, unknown>();
  flatten('', parsed as Readonly<Record<string, unknown>>, flat);
  const problems: Problem[] = [];
  const keys = SETTING_KEYS.map((setting) => setting.key);
  for (const [key, value] of flat) {
    const isGroup = SETTING_KEYS.some((setting) => setting.key.startsWith(`${key}.`));
    if (keys.includes(key)) values.set(key, { value, source: path, folder: dirname(path) });
    else problems.push(isGroup ? textForGroup(key, path) : unknownKey(key, path, keys));
  }
  return { values, problems };
}
