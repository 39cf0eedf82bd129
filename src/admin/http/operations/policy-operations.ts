import type { PolicyScope } from '../../../config/device-policies.ts';
import type { InputOf } from '../../authority/call-rule.ts';
import { type OfDevice, ok, operation } from '../operation.ts';
import { ApiProblem, INVALID } from '../problem.ts';

interface ScopeQuery {
  readonly kind: PolicyScope['kind'];
  readonly name?: string;
  readonly address?: string;
  readonly device?: string;
}

/** What is asked of devices. */
export const POLICY_OPERATIONS = {
  policyList: operation(async ({ calls }) => ok(await calls.policyList({}))),

  policyShow: operation<unknown, ScopeQuery>(async ({ calls, query }) => {
    return ok(await calls.policyShow({ scope: scopeOf(query) }));
  }),

  policySet: operation<unknown, unknown, InputOf<'policySet'>>(async ({ calls, body }) => {
    return ok(await calls.policySet(body));
  }),

  policyOf: operation<OfDevice>(async ({ calls, path }) => ok(await calls.policyOf(path))),
} as const;

function scopeOf(query: ScopeQuery): PolicyScope {
  const { kind } = query;
  if (kind === 'everybody') return { kind };
  if (kind === 'domain' || kind === 'group') return { kind, name: needed(query, 'name') };
  const address = needed(query, 'address');
  return kind === 'user' ? { kind, address } : { kind, address, device: needed(query, 'device') };
}

function needed(query: ScopeQuery, name: 'name' | 'address' | 'device'): string {
  const value = query[name];
  if (value !== undefined) return value;
  const mistakes = [{ pointer: `/query/${name}`, detail: `is needed for kind=${query.kind}` }];
  throw new ApiProblem(INVALID, 'The query does not say whose policy is meant.', { mistakes });
}
