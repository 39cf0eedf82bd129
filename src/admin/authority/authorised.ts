import { ADMINISTRATION_CALLS, type Administration, type AdministrationCall } from '../administration.ts';
import { type Authority, requireScope } from './authority.ts';
import type { CallRule, InputOf, ResultOf } from './call-rule.ts';
import { CALL_RULES } from './call-rules.ts';

/**
 * The administration as one who signed in may use it: each call asks the table first, and lists hold what is in the
 * administrator's domain. Made anew for each request, since roles change.
 * Refusals are GatewayError 'access-denied', whose `right` names what is missing.
 */
export function authorised(administration: Administration, authority: Authority): Administration {
  const calls = ADMINISTRATION_CALLS.map((name) => [name, authorisedCall(administration, authority, name)] as const);
  // The table is complete over the names, and each entry has its call's own type.
  return Object.fromEntries(calls) as unknown as Administration;
}

function authorisedCall<C extends AdministrationCall>(administration: Administration, authority: Authority, name: C) {
  const rule: CallRule<C> = CALL_RULES[name];
  type Call = (input: InputOf<C>, ...more: readonly unknown[]) => Promise<ResultOf<C>>;
  const call = administration[name].bind(administration) as unknown as Call;
  return async (input: InputOf<C>, ...more: readonly unknown[]): Promise<ResultOf<C>> => {
    requireScope(authority, rule.scope);
    const result = await call(await rule.narrow({ authority, input, administration }), ...more);
    return rule.filter === undefined ? result : rule.filter(result, authority);
  };
}
