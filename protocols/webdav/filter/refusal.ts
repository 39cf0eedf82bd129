import { GatewayError } from '../../../src/domain/errors.ts';
import { clark, type XmlElement } from '../xml/element.ts';

/** A filter that breaks the grammar or the nesting rules: `valid-filter` (RFC 4791 §7.8, RFC 6352 §8.6). */
export function invalidFilter(reason: string): GatewayError<'filter-unsupported'> {
  return new GatewayError(
    'filter-unsupported',
    { kind: 'valid-filter', reason },
    `The filter is not valid: ${reason}.`,
  );
}

/** A filter that may be well-formed but asks what is not known here: `supported-filter`. */
export function unsupportedFilter(reason: string): GatewayError<'filter-unsupported'> {
  return new GatewayError('filter-unsupported', { kind: 'filter', reason }, `The filter is not supported: ${reason}.`);
}

/** An unknown collation: `supported-collation` (RFC 4791 §7.5.1, RFC 6352 §8.3.1). */
export function unsupportedCollation(name: string): GatewayError<'filter-unsupported'> {
  const reason = `collation ${name} is not one of the collection's supported-collation-set`;
  return new GatewayError(
    'filter-unsupported',
    { kind: 'collation', reason },
    `The filter is not supported: ${reason}.`,
  );
}

/**
 * What an element that has no place here means. Elements of the filter's own namespace are misplaced; those of others
 * are extensions. Neither may be passed over as RFC 4918 §17 has it: a condition left out gives wrong results.
 */
export function misplaced(child: XmlElement, parent: XmlElement): GatewayError<'filter-unsupported'> {
  return child.ns === parent.ns
    ? invalidFilter(`${child.name} may not stand in ${parent.name} here`)
    : unsupportedFilter(`unknown element ${clark(child)} in ${parent.name}`);
}

/** Conditions of one filter. Each is asked of every member, and what programs send has less than twenty. */
const MAX_CONDITIONS = 200;

/** @throws GatewayError 'filter-unsupported' (valid-filter) for a filter made to cost */
export function checkFilterSize(filter: XmlElement): void {
  let count = 0;
  const open = [filter];
  for (let element = open.pop(); element !== undefined; element = open.pop()) {
    count += 1;
    if (count > MAX_CONDITIONS) throw invalidFilter(`a filter has at most ${MAX_CONDITIONS} elements`);
    for (const child of element.children) if (typeof child !== 'string') open.push(child);
  }
}
