import type { PolicyScope } from '../config/device-policies.ts';
import { readUserGroups, USER_GROUPS_SETTING } from '../config/user-groups.ts';
import { policiesInForce } from '../devices/policy-in-force.ts';
import { GatewayError } from '../domain/errors.ts';
import { formatAddress, parseAddress, parseDomain } from './address.ts';
import type { AdministrationParts } from './create-administration.ts';
import { requireUser } from './users.ts';

/** Whose policy it is, for people. */
export function scopeText(scope: PolicyScope): string {
  switch (scope.kind) {
    case 'everybody':
      return 'everybody';
    case 'device':
      return `device ${scope.device} of ${scope.address}`;
    case 'user':
      return `user ${scope.address}`;
    default:
      return `${scope.kind} ${scope.name}`;
  }
}

/**
 * The scope as policies are kept by it; none stands for everybody.
 * @param mayBeGone Whom it names may be there no more, since it is only shown or removed.
 * @throws GatewayError 'object-invalid' | 'item-not-found' | 'name-invalid'
 */
export async function checkedScope(
  parts: AdministrationParts,
  scope: PolicyScope | undefined,
  mayBeGone: boolean,
): Promise<PolicyScope> {
  switch (scope?.kind) {
    case undefined:
      return { kind: 'everybody' };
    case 'everybody':
      return { kind: 'everybody' };
    case 'domain':
      // One that was set before names were checked can still be taken away.
      return {
        kind: 'domain',
        name: mayBeGone ? checkedName(scope.name, 'domain').toLowerCase() : parseDomain(scope.name),
      };
    case 'group':
      return { kind: 'group', name: await checkedGroup(parts, checkedName(scope.name, 'group'), mayBeGone) };
    case 'user':
      return { kind: 'user', address: await checkedAddress(parts, scope.address, mayBeGone) };
    case 'device': {
      const address = await checkedAddress(parts, scope.address, mayBeGone);
      return { kind: 'device', address, device: await deviceId(parts, address, checkedName(scope.device, 'device')) };
    }
    default:
      throw invalid('a policy is for everybody, a domain, a group, a user or a device');
  }
}

function checkedName(name: unknown, what: string): string {
  if (typeof name === 'string' && /^[^\x00-\x1f/]{1,256}$/.test(name) && name !== '__proto__') return name;
  throw invalid(`the ${what} is no name`);
}

function invalid(reason: string): GatewayError {
  return new GatewayError('object-invalid', { reason }, `The policy cannot be found: ${reason}.`);
}

async function checkedGroup(parts: AdministrationParts, name: string, mayBeGone: boolean): Promise<string> {
  const groups = readUserGroups(await parts.stores.directory.setting(USER_GROUPS_SETTING));
  if (mayBeGone || Object.hasOwn(groups, name)) return name;
  throw new GatewayError('item-not-found', { item: name }, `There is no group ${name}; "group set" makes one.`);
}

async function checkedAddress(parts: AdministrationParts, given: string, mayBeGone: boolean): Promise<string> {
  const address = formatAddress(parseAddress(given));
  if (!mayBeGone) await requireUser(parts, address);
  return address;
}

/** The spelling under which it has a policy; else the name that it has for ever, or if it has not come yet, as it was given. */
async function deviceId({ stores, log }: AdministrationParts, address: string, name: string): Promise<string> {
  const alias = name.toLowerCase();
  const { localPart, domain } = parseAddress(address);
  const user = await stores.directory.user(localPart, domain);
  const device = user === null ? null : await stores.syncState.read(user.mailboxId).deviceByAlias(alias);
  if (device === null) return alias;
  const { devices } = (await policiesInForce(stores.directory, log)).stored;
  const own = Object.hasOwn(devices, address) ? devices[address]! : {};
  return device.aliases.find((spelling) => Object.hasOwn(own, spelling)) ?? device.id;
}
