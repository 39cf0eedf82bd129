import { resolve } from 'node:path';
import type { z } from 'zod';
import { listenUrl, parseListenAddress } from './listen-address.ts';
import { type Problem, SettingsError } from './problem.ts';
import { parseRelayUrl } from './relay-url.ts';
import { SETTING_KEYS } from './setting-keys.ts';
import { PATH_KEYS, SECRET_KEYS, SETTINGS_SCHEMA, type Settings } from './settings-schema.ts';
import { type Given, readEnvironment, readFlags, readSettingsFile } from './sources.ts';

/** What the settings are read from. */
export interface SettingsInput {
  /** Flags without the program's own name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** Settings with the source of each key that is not a default. */
export interface LoadedSettings {
  readonly settings: Settings;
  readonly sources: ReadonlyMap<string, string>;
  /** The settings file, when there is one. */
  readonly file: string | null;
}

function nest(values: ReadonlyMap<string, Given>, cwd: string): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const { key, defaultValue } of SETTING_KEYS) {
    const given =
      values.get(key) ??
      (PATH_KEYS.has(key) && defaultValue !== undefined ? { value: defaultValue, folder: cwd } : null);
    if (!given) continue;
    const isPath = PATH_KEYS.has(key) && typeof given.value === 'string' && given.value !== '';
    const value = isPath ? resolve(given.folder, given.value as string) : given.value;
    const [group, name] = key.includes('.') ? key.split('.') : [null, key];
    if (group) root[group] = { ...(root[group] as object | undefined), [name!]: value };
    else root[key] = value;
  }
  return root;
}

function reasonOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'array'
        ? 'a list, as in ["…"], is expected'
        : `${/^[aeio]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected} is expected`;
    case 'invalid_value':
      return 'is none of the words allowed';
    case 'too_small':
      return issue.origin === 'number' ? `is less than ${issue.minimum}` : issue.message;
    case 'too_big':
      return `is more than ${issue.maximum}`;
    case 'invalid_union':
      return 'is neither a host name nor an address';
    default:
      return issue.message;
  }
}

function problemOf(issue: z.core.$ZodIssue, values: ReadonlyMap<string, Given>): Problem {
  const path = issue.path.map(String);
  const setting = SETTING_KEYS.find(({ key }) => key === path.join('.') || key === path.slice(0, -1).join('.'));
  const key = setting?.key ?? path.join('.');
  const given = values.get(key);
  const choices = setting?.choices ? `Use one of ${setting.choices.join(', ')}` : null;
  return {
    key,
    source: given?.source ?? 'default',
    reason: SECRET_KEYS.has(key) ? reasonOf(issue) : `${JSON.stringify(given?.value ?? null)}: ${reasonOf(issue)}`,
    remedy: choices ?? `Correct it (${setting?.flag ?? ''}); docs/configuration.md says what it may be`,
  };
}

function crossProblems(settings: Settings, sources: ReadonlyMap<string, string>): Problem[] {
  const problems: Problem[] = [];
  for (const [has, lacks] of [['cert', 'key'] as const, ['key', 'cert'] as const]) {
    if (settings.tls[has] === undefined || settings.tls[lacks] !== undefined) continue;
    problems.push({
      key: `tls.${has}`,
      source: sources.get(`tls.${has}`) ?? 'default',
      reason: `is given without tls.${lacks}`,
      remedy: `Give --tls-${lacks} too, or neither to let Causeway make a certificate`,
    });
  }
  problems.push(...relayProblems(settings, sources));
  const seen = new Set<string>();
  for (const text of settings.listen) {
    const address = parseListenAddress(text);
    const place = listenUrl({ ...address, scheme: 'http' });
    if (address.port !== 0 && seen.has(place)) {
      const source = sources.get('listen') ?? 'default';
      problems.push({
        key: 'listen',
        source,
        reason: `${text}: the address is named twice`,
        remedy: 'Remove one of them',
      });
    }
    seen.add(place);
  }
  return problems;
}

function relayProblems({ relay }: Settings, sources: ReadonlyMap<string, string>): Problem[] {
  if (relay.passwordFile === undefined) return [];
  const source = sources.get('relay.passwordFile') ?? 'default';
  const address = relay.url === undefined ? null : parseRelayUrl(relay.url);
  if (address !== null && address.user !== null && address.password === null) return [];
  const [reason, remedy] =
    address === null || address.user === null
      ? ['is given without a user in relay.url', 'Write the user into relay.url, as in smtp://user@host']
      : ['is given beside a password in relay.url', 'Take the password out of relay.url'];
  return [{ key: 'relay.passwordFile', source, reason, remedy }];
}

/**
 * Start-up settings from flags, environment, file and defaults, in this order of precedence.
 * @throws SettingsError with every problem found.
 */
export function loadSettings(input: SettingsInput): LoadedSettings {
  const flags = readFlags(input.argv, input.cwd);
  const environment = readEnvironment(input.env, input.cwd);
  const path = flags.config ?? environment.config;
  const file = path === null ? null : readSettingsFile(path);
  const problems = [...(file?.problems ?? []), ...environment.problems, ...flags.problems];
  const values = new Map([...(file?.values ?? []), ...environment.values, ...flags.values]);
  const sources = new Map([...values].map(([key, given]) => [key, given.source]));
  const parsed = SETTINGS_SCHEMA.safeParse(nest(values, input.cwd));
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => problemOf(issue, values)));
  else problems.push(...crossProblems(parsed.data, sources));
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems);
  return { settings: parsed.data, sources, file: path };
}
