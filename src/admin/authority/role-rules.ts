import type { AdminRole } from '../../domain/admin-role.ts';
import { GatewayError } from '../../domain/errors.ts';
import { formatAddress, parseAddress } from '../address.ts';
import { type Authority, requireScope } from './authority.ts';
import type { Asked, CallRule } from './call-rule.ts';
import { checkedRole } from './checked-role.ts';

/** Recordings with contents hold what people keep. */
export const RECORD_CONTENTS_SCOPE = 'admin';

/** Nobody gives, takes or gets hold of a role that is more than their own. @throws GatewayError 'access-denied' */
export function requireRoleWithin(authority: Authority, role: AdminRole | null, whose: string): void {
  if (role === null) return;
  const beyond = role.scopes.find((scope) => !authority.scopes.has(scope));
  const isElsewhere = authority.domain !== null && role.domain !== authority.domain;
  if (beyond === undefined && !isElsewhere) return;
  const right = beyond ?? (role.domain === null ? 'whole-server' : `domain ${role.domain}`);
  const message = `${whose} is more than ${authority.address} may do: it has ${right}. Somebody with that role can do this.`;
  throw new GatewayError('access-denied', { right }, message);
}

/** What changes a user's password or life is not done to an administrator who may do more. */
export async function requireTargetWithin(
  asked: Pick<Asked<'userList'>, 'authority' | 'administration'> & { readonly input: { readonly address: string } },
): Promise<void> {
  const address = formatAddress(parseAddress(asked.input.address));
  const target = (await asked.administration.userList()).find((user) => user.address === address);
  requireRoleWithin(asked.authority, target?.role ?? null, `The role of ${address}`);
}

/** A recording is its user's; one with contents holds what people read and write. */
export function ofRecording<C extends 'recordStop' | 'recordRemove' | 'recordFiles' | 'recordRead'>(): CallRule<C> {
  return {
    scope: 'helpdesk',
    async narrow({ authority, input, administration }) {
      const recording = (await administration.recordList()).find(({ id }) => id === input.id);
      const isHere = recording?.address.endsWith(`@${authority.domain}`) === true;
      if (authority.domain !== null && !isHere) {
        throw new GatewayError('item-not-found', { item: input.id }, `There is no recording ${input.id}.`);
      }
      if (recording?.withContents === true) requireScope(authority, RECORD_CONTENTS_SCOPE);
      return input;
    },
  };
}

export function requireGivable(authority: Authority, role: AdminRole | null): void {
  requireRoleWithin(authority, checkedRole(role), 'This role');
}

/** Whether somebody may record what people read and write as it is. */
export function mayRecordContents(authority: Authority): boolean {
  return authority.scopes.has(RECORD_CONTENTS_SCOPE);
}
