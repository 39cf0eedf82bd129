import { GatewayError } from '../../../domain/errors.ts';

/** What is typed into an area, one to a line or with commas between. */
export function entriesOf(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter((entry) => entry !== '');
}

/**
 * A form for a new one changes none that is there: whoever typed its name does not see what it would lose.
 * @param what e.g. "group"
 * @throws GatewayError 'name-taken', or 'object-invalid' for a set of nothing
 */
export function requireNew(present: readonly string[], name: string, entries: readonly string[], what: string): void {
  if (present.includes(name)) {
    throw new GatewayError('name-taken', { name }, `There is a ${what} "${name}" already; it is changed above.`);
  }
  if (entries.length > 0) return;
  const reason = 'nothing would be in it';
  throw new GatewayError(
    'object-invalid',
    { reason },
    `The ${what} "${name}" is not made: ${reason}. Name at least one.`,
  );
}
