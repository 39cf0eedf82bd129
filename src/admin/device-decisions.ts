import { accessInForce } from '../devices/access-in-force.ts';
import { revokeAppPasswordsOf, tellRevoked } from '../devices/app-passwords.ts';
import { CONFLICT_RULES_SETTING, conflictRuleOf, readConflictRules } from '../devices/conflict-rule.ts';
import { decideAccess } from '../devices/decide-access.ts';
import { GatewayError } from '../domain/errors.ts';
import { CLIENT_ORIGIN, type MailboxId } from '../domain/mailbox.ts';
import { acting } from '../observe/acting.ts';
import type { AppPassword } from '../store/app-password-store.ts';
import {
  DEVICE_CONFLICT_RULES,
  type Device,
  type DeviceAccess,
  type DeviceConflictRule,
} from '../store/device-store.ts';
import type { SyncWriter } from '../store/sync-state-store.ts';
import { resync } from '../sync/resync.ts';
import { formatAddress, parseAddress, parseDomain } from './address.ts';
import type { Administration } from './administration.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';
import { ownerOf, requireDevice } from './devices.ts';
import { requireUser } from './users.ts';

/** The calls by which somebody decides about a device. */
export function deviceDecisionCalls(
  parts: AdministrationParts,
): Pick<Administration, 'deviceDecide' | 'deviceApprove' | 'deviceResync' | 'conflictRuleSet'> {
  const { clock, log, random, stores } = parts;

  return {
    deviceDecide: (input) => decideDevice(parts, input),

    async deviceApprove({ address, device: name }) {
      const { mailboxId } = await requireUser(parts, address);
      const inForce = await accessInForce(stores.directory, log);
      const at = clock.now();
      const { access } = await changeDevice(parts, mailboxId, name, (device) => {
        return { ...device, access: approved(device, decideAccess(device, inForce, at), { address, at }) };
      });
      configLog(log)({ user: address, device: name, state: access!.state, by: access!.by }, 'device approved');
      return access!;
    },

    async deviceResync({ address, device: name, folderId }) {
      const { mailboxId } = await requireUser(parts, address);
      const { id } = await requireDevice(stores.syncState.read(mailboxId), name);
      const count = await resync(stores.syncState, random, mailboxId, (partnership) => {
        return ownerOf(partnership.device) === id && (folderId === null || partnership.folders.includes(folderId));
      });
      configLog(log)({ user: address, device: name, folderId, count }, 'device is to read folders anew');
      parts.endRequests?.(mailboxId, id);
      return count;
    },

    async conflictRuleSet({ domain, address, device, rule: word }) {
      const rule = checkedRule(word);
      if (device !== null) await setOfDevice(parts, { address, device, rule });
      else await setOfPeople(parts, { domain, address, rule });
      configLog(log)({ domain, user: address, device, rule }, 'conflict rule set');
    },
  };
}

async function decideDevice(
  parts: AdministrationParts,
  { address, device: name, access: state, why }: Parameters<Administration['deviceDecide']>[0],
): Promise<DeviceAccess> {
  const { clock, log, stores } = parts;
  const { mailboxId } = await requireUser(parts, address);
  const inForce = await accessInForce(stores.directory, log);
  const at = clock.now();
  let ended: readonly AppPassword[] = [];
  const decide = ({ access: _, ...device }: Device): Device => {
    const word = { by: 'administrator', who: acting().user, why, at } as const;
    return { ...device, access: state === null ? decideAccess(device, inForce, at) : { ...word, state } };
  };
  const changed = await changeDevice(parts, mailboxId, name, decide, async (tx, { id }) => {
    ended = state === 'blocked' ? await revokeAppPasswordsOf(tx, id, at) : [];
  });
  const access = changed.access!;
  configLog(log)({ user: address, device: name, state: access.state, by: access.by, why }, 'device access decided');
  if (access.state !== 'allowed') parts.endRequests?.(mailboxId, changed.id);
  tellRevoked(log, ended, 'its device was blocked');
  return access;
}

/** What the owner's word makes of what the rules decide now. @throws GatewayError 'access-denied' */
function approved(
  device: Device,
  decided: DeviceAccess,
  { address, at }: { address: string; at: number },
): DeviceAccess {
  if (decided.state === 'allowed') return decided;
  if (decided.state === 'quarantined' && decided.approval === 'user') {
    return { state: 'allowed', by: 'user', who: formatAddress(parseAddress(address)), why: '', at };
  }
  const reason = decided.state === 'blocked' ? 'is blocked' : 'waits for an administrator';
  const message = `The device ${device.shownId} ${reason}: only an administrator can let it in.`;
  throw new GatewayError('access-denied', { right: 'to let this device in' }, message);
}

function checkedRule(word: string | null): DeviceConflictRule | null {
  const rule = conflictRuleOf(word);
  if (rule !== null || word === null) return rule;
  const reason = `"${word}" is no conflict rule; there are ${DEVICE_CONFLICT_RULES.join(', ')}`;
  throw new GatewayError('object-invalid', { reason }, `${reason}.`);
}

async function setOfDevice(
  parts: AdministrationParts,
  { address, device, rule }: { address: string | null; device: string; rule: DeviceConflictRule | null },
): Promise<void> {
  if (address === null) throw ruleRefused('the user of the device is missing');
  const { mailboxId } = await requireUser(parts, address);
  await changeDevice(parts, mailboxId, device, ({ conflictRule: _, ...rest }) => {
    return rule === null ? rest : { ...rest, conflictRule: rule };
  });
}

async function setOfPeople(
  parts: AdministrationParts,
  { domain, address, rule }: { domain: string | null; address: string | null; rule: DeviceConflictRule | null },
): Promise<void> {
  if ((domain === null) === (address === null)) {
    throw ruleRefused('name a user or a domain, not both');
  }
  if (address !== null) await requireUser(parts, address);
  const { directory } = parts.stores;
  const { users, domains } = readConflictRules(await directory.setting(CONFLICT_RULES_SETTING));
  const changed =
    address === null
      ? { users, domains: withRule(domains, parseDomain(domain ?? ''), rule) }
      : { users: withRule(users, formatAddress(parseAddress(address)), rule), domains };
  await directory.setSetting(CONFLICT_RULES_SETTING, changed, acting().user);
}

function ruleRefused(reason: string): GatewayError {
  return new GatewayError('object-invalid', { reason }, `No conflict rule was set: ${reason}.`);
}

function withRule(rules: Readonly<Record<string, DeviceConflictRule>>, name: string, rule: DeviceConflictRule | null) {
  const { [name]: _, ...others } = rules;
  return rule === null ? others : { ...others, [name]: rule };
}

function changeDevice(
  { stores }: AdministrationParts,
  mailboxId: MailboxId,
  name: string,
  change: (device: Device) => Device,
  also: (tx: SyncWriter, changed: Device) => Promise<void> = async () => undefined,
): Promise<Device> {
  return stores.syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
    const changed = change(await requireDevice(tx, name));
    await tx.putDevice(changed);
    await also(tx, changed);
    return changed;
  });
}
