import type { PolicyScope } from '../../config/device-policies.ts';
import { type Authority, isWithin, requireAddress, requireDomain, requireWholeServer } from './authority.ts';
import type { CallRule } from './call-rule.ts';
import { requireTargetWithin } from './role-rules.ts';

/** Everybody's policy holds for the people of each domain, so those who administer one may read it. */
export const readsPolicies: CallRule<'policyList'> = {
  scope: 'read',
  narrow: ({ input }) => input,
  filter(result, authority) {
    if (authority.domain === null) return result;
    // What is wrong with stored policies may be about other domains.
    return { policies: result.policies.filter(({ scope }) => isSeen(authority, scope)), problems: [] };
  },
};

export const readsPolicy: CallRule<'policyShow'> = {
  scope: 'read',
  narrow({ authority, input }) {
    const { scope = { kind: 'everybody' } } = input;
    if (scope.kind !== 'everybody') requirePolicyScope(authority, scope);
    return input;
  },
};

export const setsPolicy: CallRule<'policySet'> = {
  scope: 'admin',
  async narrow({ authority, input, administration }) {
    const { scope = { kind: 'everybody' } } = input;
    requirePolicyScope(authority, scope);
    if (scope.kind === 'user' || scope.kind === 'device') {
      await requireTargetWithin({ authority, administration, input: scope });
    }
    return input;
  },
};

/** A group may hold people of every domain. @throws GatewayError 'access-denied' */
function requirePolicyScope(authority: Authority, scope: PolicyScope): void {
  if (scope.kind === 'everybody' || scope.kind === 'group') requireWholeServer(authority);
  else if (scope.kind === 'domain') requireDomain(authority, scope.name);
  else requireAddress(authority, scope.address);
}

function isSeen(authority: Authority, scope: PolicyScope): boolean {
  if (scope.kind === 'everybody') return true;
  if (scope.kind === 'group') return false;
  return scope.kind === 'domain' ? scope.name === authority.domain : isWithin(authority, scope.address);
}
