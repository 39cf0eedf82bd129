import { type ApplicationData, type Field, findField, isChildren } from './field.ts';
import type { MergeOptions, RenderOptions } from './options.ts';
import { type ClassVersion, forVersion, isKnown } from './version.ts';

/**
 * How one or a few elements and a canonical object say the same. `Content` is what is edited: a component, a card.
 *
 * Merging is by difference: what the client sends is compared with what it would be shown, and `write` runs only where
 * they differ. Whatever the elements say inexactly (a rounded reminder, a rule in its nearest form) or not at all
 * therefore stays, byte for byte, unless the client changed it.
 */
export interface Binding<Content> {
  /** The elements (`Page:Element`) it owns, in the order they are sent. */
  readonly names: readonly string[];
  /** Fields of these names; absent ones are left out. */
  read(content: Content, options: RenderOptions): Field[];
  /** The content saying `fields`, which are all fields of these names that hold from now on. */
  write?(content: Content, fields: readonly Field[], options: MergeOptions): Content;
  /** Absent elements stay even where nothing is ghosted: what no client means to delete by silence. */
  readonly staysWhenAbsent?: boolean;
  /** Since when an exception can lack by an empty element what its series has; before that it has the same. Absent: always. */
  readonly emptySince?: ClassVersion;
  /** What an absent element means, for comparing. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** Whether two field lists say the same; null leaves it to the plain comparison. */
  isSame?(given: readonly Field[], shown: readonly Field[]): boolean;
}

/** The fields of all bindings that the version knows. */
export function renderBindings<C>(bindings: readonly Binding<C>[], content: C, options: RenderOptions): Field[] {
  return forVersion(
    bindings.flatMap((binding) => binding.read(content, options)),
    options.version,
  );
}

/**
 * The options by which a client's data is merged: where it brings nothing but categories (or, of a mail, flag and read
 * state), all else stays (MS-ASCMD, "What a Change means").
 */
export function mergeOptionsFor(fields: ApplicationData, options: MergeOptions): MergeOptions {
  const isPart = fields.every(({ name }) => /:(?:Categories|Flag|Read)$/.test(name));
  return isPart ? { ...options, supported: [] } : options;
}

/** Merges a client's fields into the content. @throws ClassDataError for values that cannot be taken */
export function mergeBindings<C>(
  bindings: readonly Binding<C>[],
  content: C,
  fields: ApplicationData,
  options: MergeOptions,
): C {
  const given = mergeOptionsFor(fields, options);
  let result = content;
  for (const binding of bindings) {
    // Compared with what the client was shown, not with what its other elements have made of it by now.
    const wanted = wantedFields(binding, content, fields, given);
    if (wanted !== null) result = binding.write!(result, wanted, given);
  }
  return result;
}

/** What shall hold of a binding's elements, or null where that is what holds already. */
function wantedFields<C>(
  binding: Binding<C>,
  content: C,
  fields: ApplicationData,
  options: MergeOptions,
): Field[] | null {
  if (binding.write === undefined) return null;
  const all = binding.read(content, options);
  const given = forVersion(fields, options.version);
  const wanted = binding.names.flatMap((name) => {
    const sent = given.filter((candidate) => candidate.name === name);
    if (sent.length > 0) return sent.slice(0, 1);
    const stays = binding.staysWhenAbsent === true || isGhosted(name, options);
    const shown = findField(all, name);
    return stays && shown !== null ? [shown] : [];
  });
  const shown = forVersion(all, options.version);
  const compared = forVersion(wanted, options.version);
  const isSame = binding.isSame?.(compared, shown) ?? sameFields(compared, shown, binding.defaults);
  return isSame ? null : wanted;
}

/** Whether the element stays when a Change does not bring it. */
export function isGhosted(name: string, options: MergeOptions): boolean {
  if (!isKnown(name, options.version)) return true;
  const { supported } = options;
  return supported !== null && (supported.length === 0 || !supported.includes(name));
}

/** Compares by name and text; order of names does not matter, order of repeated elements does. */
export function sameFields(a: ApplicationData, b: ApplicationData, defaults: Readonly<Record<string, string>> = {}) {
  const names = new Set([...a, ...b].map(({ name }) => name));
  return [...names].every((name) => {
    const left = valuesOf(a, name, defaults);
    const right = valuesOf(b, name, defaults);
    return left.length === right.length && left.every((value, index) => sameValue(value, right[index]!));
  });
}

function valuesOf(fields: ApplicationData, name: string, defaults: Readonly<Record<string, string>>): Field['value'][] {
  const values = fields.filter((candidate) => candidate.name === name).map(({ value }) => value);
  const filled = values.filter((value) => !isEmpty(value));
  if (filled.length > 0) return filled;
  return defaults[name] === undefined ? [] : [defaults[name]];
}

/** An empty element and an absent one say the same. */
function isEmpty(value: Field['value']): boolean {
  return value === '' || (isChildren(value) && value.length === 0);
}

function sameValue(a: Field['value'], b: Field['value']): boolean {
  if (isChildren(a) && isChildren(b)) return sameFields(a, b);
  if (typeof a === 'string' && typeof b === 'string') return normalText(a) === normalText(b);
  return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0;
}

/** WBXML strings cross as they are, but phones write CRLF for line breaks and trim ends. */
export function normalText(text: string): string {
  return text.replace(/\r\n?/g, '\n').trim();
}
