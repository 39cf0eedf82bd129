import { ADMIN_SCOPES, type AdminRole } from '../../domain/admin-role.ts';
import { GatewayError } from '../../domain/errors.ts';
import { formatAddress, parseAddress } from '../address.ts';
import { type Authority, requireScope } from './authority.ts';
import { type Asked, type CallRule, ofUser, type UserCall } from './call-rule.ts';
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

/** Whoever asks, and where to look for the roles of others. */
type Asker = Pick<Asked<'userList'>, 'authority' | 'administration'>;

/** What changes a user's password, devices or life, or reads what they wrote, is not done to an administrator who may do more. */
export async function requireTargetWithin(
  asked: Asker & { readonly input: { readonly address: string } },
): Promise<void> {
  const { authority, administration, input } = asked;
  // Nobody may do more, so nobody needs to be looked for: items come in by hundreds of calls.
  if (authority.domain === null && ADMIN_SCOPES.every((scope) => authority.scopes.has(scope))) return;
  const address = formatAddress(parseAddress(input.address));
  const target = (await administration.userList()).find((user) => user.address === address);
  requireRoleWithin(authority, target?.role ?? null, `The role of ${address}`);
}

/** Done to one user, who is in the administrator's domain and no administrator who may do more. */
export function toUser<C extends UserCall>(scope: CallRule<C>['scope'], more?: (asked: Asked<C>) => void): CallRule<C> {
  return ofUser<C>(scope, async (asked) => {
    more?.(asked);
    const { address } = asked.input as { readonly address: string };
    await requireTargetWithin({ ...asked, input: { address } });
  });
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
      if (recording !== undefined) await requireTargetWithin({ authority, administration, input: recording });
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
