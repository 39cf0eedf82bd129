import { ClassDataError } from './class-error.ts';
import { type ApplicationData, textOf } from './field.ts';

const MOST_CHARACTERS = 1_000_000;

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

/** Text of an element; null where absent. @throws ClassDataError */
export function readText(fields: ApplicationData, name: string): string | null {
  const text = textOf(fields, name);
  if (text !== null && text.length > MOST_CHARACTERS) {
    throw new ClassDataError(name, `longer than ${MOST_CHARACTERS} characters`);
  }
  return text;
}
