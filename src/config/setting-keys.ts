import { z } from 'zod';
import { SETTINGS_SCHEMA } from './settings-schema.ts';

/** One setting as each source spells it. */
export interface SettingKey {
  /** Dotted key as in the file, e.g. `tls.cert`. */
  readonly key: string;
  /** e.g. `--tls-cert`. */
  readonly flag: string;
  /** e.g. `CAUSEWAY_TLS_CERT`. */
  readonly variable: string;
  readonly kind: 'text' | 'number' | 'list' | 'boolean';
  readonly description: string;
  /** Undefined where there is none. */
  readonly defaultValue: unknown;
  /** The words allowed, where only some are. */
  readonly choices: readonly string[] | null;
}

/** The name of the setting that only flags and environment can give: the file itself. */
export const CONFIG_FLAG = '--config';
export const CONFIG_VARIABLE = 'CAUSEWAY_CONFIG';

function words(key: string): string[] {
  return key
    .replace(/([a-z])([A-Z])/g, '$1.$2')
    .toLowerCase()
    .split('.');
}

interface Unwrapped {
  readonly inner: z.core.$ZodType;
  readonly defaultValue: unknown;
}

function unwrap(type: z.core.$ZodType): Unwrapped {
  if (type instanceof z.ZodDefault) return { inner: unwrap(type.unwrap()).inner, defaultValue: type.def.defaultValue };
  if (type instanceof z.ZodPrefault || type instanceof z.ZodOptional) return unwrap(type.unwrap());
  if (type instanceof z.ZodPipe) return unwrap(type.in);
  return { inner: type, defaultValue: undefined };
}

function kindOf(inner: z.core.$ZodType): SettingKey['kind'] {
  if (inner instanceof z.ZodArray) return 'list';
  if (inner instanceof z.ZodNumber) return 'number';
  return inner instanceof z.ZodBoolean ? 'boolean' : 'text';
}

function describeLeaf(key: string, type: z.ZodType): SettingKey {
  const { inner, defaultValue } = unwrap(type);
  if (!type.description) throw new TypeError(`setting ${key} has no description`);
  return {
    key,
    flag: `--${words(key).join('-')}`,
    variable: `CAUSEWAY_${words(key).join('_').toUpperCase()}`,
    kind: kindOf(inner),
    description: type.description,
    defaultValue,
    choices: inner instanceof z.ZodEnum ? inner.options.map(String) : null,
  };
}

function collect(prefix: string, shape: Readonly<Record<string, z.ZodType>>): SettingKey[] {
  return Object.entries(shape).flatMap(([name, type]) => {
    const { inner } = unwrap(type);
    if (inner instanceof z.ZodObject) return collect(`${prefix}${name}.`, inner.shape);
    return [describeLeaf(prefix + name, type)];
  });
}

/** Every setting, in the schema's order. */
export const SETTING_KEYS: readonly SettingKey[] = collect('', SETTINGS_SCHEMA.shape);
