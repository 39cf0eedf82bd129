import type { XmlElement } from '../xml/element.ts';
import { isNamed } from '../xml/query.ts';
import { nameOf, onlyElements } from './elements.ts';
import { invalidFilter, misplaced } from './refusal.ts';
import { readTextMatch, type TextMatch, textMatches } from './text-match.ts';

export interface ParamFilter {
  /** Upper case. */
  readonly name: string;
  readonly isNotDefined: boolean;
  readonly textMatch: TextMatch | null;
}

/** Reads `param-filter` (RFC 4791 §9.7.3, RFC 6352 §10.5.2). Throws GatewayError 'filter-unsupported'. */
export function readParamFilter(element: XmlElement): ParamFilter {
  let isNotDefined = false;
  let textMatch: TextMatch | null = null;
  for (const child of onlyElements(element)) {
    if (isNotDefined || textMatch !== null) throw invalidFilter('param-filter takes one condition at most');
    if (isNamed(child, 'is-not-defined', element.ns)) isNotDefined = true;
    else if (isNamed(child, 'text-match', element.ns)) textMatch = readTextMatch(child);
    else throw misplaced(child, element);
  }
  return { name: nameOf(element), isNotDefined, textMatch };
}

/**
 * Whether a property's parameters satisfy the filter. A parameter with several values matches when one of them does;
 * `is-not-defined` needs it to be absent.
 */
export function parameterMatches(
  filter: ParamFilter,
  parameters: readonly { readonly name: string; readonly values: readonly string[] }[],
): boolean {
  const found = parameters.filter((parameter) => parameter.name === filter.name);
  if (filter.isNotDefined) return found.length === 0;
  const { textMatch } = filter;
  if (textMatch === null) return found.length > 0;
  return found.some((parameter) => parameter.values.some((value) => textMatches(textMatch, value)));
}
