import { nameOf, onlyElements } from '../../webdav/filter/elements.ts';
import { type ParamFilter, readParamFilter } from '../../webdav/filter/param-filter.ts';
import { checkFilterSize, invalidFilter, misplaced } from '../../webdav/filter/refusal.ts';
import { readTextMatch, type TextMatch } from '../../webdav/filter/text-match.ts';
import { CARDDAV, type XmlElement } from '../../webdav/xml/element.ts';
import { isNamed } from '../../webdav/xml/query.ts';
import type { AddressFilter, FilterTest, PropFilter } from './address-filter.ts';

/**
 * Reads CARDDAV:filter (RFC 6352 §10.5).
 * Throws GatewayError 'filter-unsupported' as valid-filter, supported-filter or supported-collation.
 */
export function readAddressFilter(filter: XmlElement): AddressFilter {
  checkFilterSize(filter);
  const propFilters = onlyElements(filter).map((child) => {
    if (!isNamed(child, 'prop-filter', CARDDAV)) throw misplaced(child, filter);
    return readPropFilter(child);
  });
  return { test: readTest(filter), propFilters };
}

function readTest(element: XmlElement): FilterTest {
  const test = element.attributes.get('test') ?? 'anyof';
  if (test !== 'anyof' && test !== 'allof') throw invalidFilter(`test is "anyof" or "allof", not "${test}"`);
  return test;
}

function readPropFilter(element: XmlElement): PropFilter {
  let isNotDefined = false;
  const textMatches: TextMatch[] = [];
  const paramFilters: ParamFilter[] = [];
  const children = onlyElements(element);
  for (const child of children) {
    if (isNamed(child, 'is-not-defined', CARDDAV)) isNotDefined = true;
    else if (isNamed(child, 'text-match', CARDDAV)) textMatches.push(readTextMatch(child));
    else if (isNamed(child, 'param-filter', CARDDAV)) paramFilters.push(readParamFilter(child));
    else throw misplaced(child, element);
  }
  if (isNotDefined && children.length > 1) throw invalidFilter('is-not-defined stands alone in prop-filter');
  return { ...splitGroup(nameOf(element)), test: readTest(element), isNotDefined, textMatches, paramFilters };
}

// RFC 6352 §10.5.1: "TEL" matches the property in any group, "X-ABC-GROUP.TEL" in that group alone.
function splitGroup(name: string): { group: string | null; name: string } {
  const dot = name.indexOf('.');
  if (dot < 0) return { group: null, name };
  if (dot === 0 || dot === name.length - 1) throw invalidFilter(`prop-filter name "${name}" is not GROUP.NAME`);
  return { group: name.slice(0, dot), name: name.slice(dot + 1) };
}
