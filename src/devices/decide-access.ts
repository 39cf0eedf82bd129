import type { AccessVerdict, DeviceAccessRules } from '../config/device-access.ts';
import type { DeviceMatch, DeviceTraits } from '../config/device-match.ts';
import { fitsPattern } from '../config/patterns.ts';
import type { UserGroups } from '../config/user-groups.ts';
import { domainOf } from '../domain/address.ts';
import type { Device, DeviceAccess, DeviceAccessState } from '../store/device-store.ts';

/** The rules in force, with the groups they speak of. */
export interface AccessInForce {
  readonly rules: DeviceAccessRules;
  readonly groups: UserGroups;
}

const STATES: Readonly<Record<AccessVerdict, DeviceAccessState>> = {
  allow: 'allowed',
  quarantine: 'quarantined',
  block: 'blocked',
};

/**
 * What a device is to have now: an administrator's word stays, else the first rule that fits; its owner's word stays where that rule
 * lets in, or leaves it to the owner. The same object when nothing changed.
 */
export function decideAccess(device: Device, inForce: AccessInForce, now: number): DeviceAccess {
  const { access } = device;
  if (access?.by === 'administrator') return access;
  const { rules, groups } = inForce;
  const rule = rules.rules.find(({ match }) => isMatch(match, factsOf(device), groups));
  const state = STATES[rule?.access ?? rules.default];
  const why = rule?.why ?? '';
  const approval = rule === undefined ? rules.defaultApproval : rule.approval;
  const isOwners = state === 'quarantined' && approval === 'user';
  if (access?.by === 'user' && (isOwners || state === 'allowed')) return access;
  const isSame = access?.state === state && access.why === why && (access.approval === 'user') === isOwners;
  if (access !== undefined && isSame && access.by === 'rule') return access;
  return { state, by: 'rule', who: null, why, at: now, ...(isOwners ? { approval } : {}) };
}

/** Whether a person may use a protocol. */
export function isProtocolOn(owner: string, protocol: string, { rules, groups }: AccessInForce): boolean {
  const facts = { user: owner, domain: domainOf(owner), protocol };
  return rules.protocols.find(({ match }) => isMatch(match, facts, groups))?.on ?? true;
}

/** Whether a device is of a kind. */
export function fitsTraits(traits: DeviceTraits, device: Device): boolean {
  return isMatch(traits, factsOf(device), {});
}

type Facts = Readonly<Partial<Record<Exclude<keyof DeviceMatch, 'group'>, string>>> & { readonly user: string };

function factsOf({ type, information, agent, owner = '', protocol }: Device): Facts {
  const domain = domainOf(owner);
  const { Model: model = '', OS: os = '' } = information;
  return { type, model, os, agent, user: owner, domain, protocol };
}

function isMatch({ group, ...patterns }: DeviceMatch, facts: Facts, groups: UserGroups): boolean {
  if (group !== undefined && !(groups[group] ?? []).includes(facts.user)) return false;
  return Object.entries(patterns).every(([part, pattern]) => fitsPattern(facts[part as keyof Facts] ?? '', pattern));
}
