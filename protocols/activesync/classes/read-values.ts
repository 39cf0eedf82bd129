import { ClassDataError } from './class-error.ts';
import { type ApplicationData, textOf } from './field.ts';

/**
 * A whole number between the bounds; null where the element is absent or empty.
 * @throws ClassDataError for anything else
 */
export function readInteger(fields: ApplicationData, name: string, min: number, max: number): number | null {
  const text = textOf(fields, name)?.trim() ?? '';
  if (text === '') return null;
  const value = Number(text);
  if (!/^-?\d{1,10}$/.test(text) || value < min || value > max) {
    throw new ClassDataError(name, `not a number from ${min} to ${max}`);
  }
  return value;
}

/** `1`, `0`, and the words some clients write; null where absent or empty. @throws ClassDataError */
export function readBoolean(fields: ApplicationData, name: string): boolean | null {
  const text = textOf(fields, name)?.trim().toLowerCase() ?? '';
  if (text === '') return null;
  if (text === '1' || text === 'true') return true;
  if (text === '0' || text === 'false') return false;
  throw new ClassDataError(name, 'neither 0 nor 1');
}

/** Text of an element that may hold at most `max` characters; null where absent. @throws ClassDataError */
export function readText(fields: ApplicationData, name: string, max = 1_000_000): string | null {
  const text = textOf(fields, name);
  if (text !== null && text.length > max) throw new ClassDataError(name, `longer than ${max} characters`);
  return text;
}
