import type { PolicyScope } from '../config/device-policies.ts';
import type { DevicePolicy } from '../config/device-policy.ts';
import { domainOf } from '../domain/address.ts';
import type { Log } from '../observe/log.ts';
import type { DeviceFilter, DeviceRegister, RegisteredDevice } from '../store/device-register.ts';
import type { DirectoryStore } from '../store/directory-store.ts';
import { type PoliciesInForce, policiesInForce, policyFor } from './policy-in-force.ts';

export interface RefreshParts {
  readonly directory: DirectoryStore;
  readonly devices: DeviceRegister;
  readonly log: Log;
}

const PAGE = 500;

/**
 * Changes policies or groups, and gives the registered devices for which another policy is in force then. Only people whom the
 * change can concern are looked at.
 * @param scope Whose policy changes; null: only who is in which group.
 */
export function refreshPolicies(
  parts: RefreshParts,
  scope: PolicyScope | null,
  change: () => Promise<void>,
): Promise<readonly RegisteredDevice[]> {
  const before = TURNS.get(parts.directory) ?? Promise.resolve();
  const done = before.then(() => refresh(parts, scope, change));
  TURNS.set(
    parts.directory,
    done.then(
      () => undefined,
      // Whoever asked hears of it; the next one's turn comes all the same.
      () => undefined,
    ),
  );
  return done;
}

/** A change reads what there is and writes it with something more: one after the other, so that none is lost. */
const TURNS = new WeakMap<object, Promise<void>>();

async function refresh(
  parts: RefreshParts,
  scope: PolicyScope | null,
  change: () => Promise<void>,
): Promise<readonly RegisteredDevice[]> {
  const { directory, devices, log } = parts;
  const before = await policiesInForce(directory, log);
  await change();
  const after = await policiesInForce(directory, log);
  const isSame = comparison();
  const changed: RegisteredDevice[] = [];
  for (const filter of await concerned(directory, scope, before, after)) {
    let next: string | null = null;
    do {
      const page = await devices.list({ ...filter, order: 'owner', after: next, limit: PAGE });
      for (const registered of page.devices) {
        const { device } = registered;
        if (!isSame(policyFor(before, device).policy, policyFor(after, device).policy)) changed.push(registered);
      }
      next = page.next;
    } while (next !== null);
  }
  return changed;
}

async function concerned(
  directory: DirectoryStore,
  scope: PolicyScope | null,
  before: PoliciesInForce,
  after: PoliciesInForce,
): Promise<readonly DeviceFilter[]> {
  if (scope?.kind === 'everybody') return [{}];
  if (scope?.kind === 'domain') return [{ domain: scope.name }];
  if (scope?.kind === 'user' || scope?.kind === 'device') return mailboxes(directory, [scope.address]);
  const addresses = new Set([...before.groupOf.keys(), ...after.groupOf.keys()]);
  const touched = [...addresses].filter((address) => {
    const [was, is] = [before.groupOf.get(address), after.groupOf.get(address)];
    return was !== is || (scope !== null && is === scope.name);
  });
  return mailboxes(directory, touched);
}

async function mailboxes(directory: DirectoryStore, addresses: readonly string[]): Promise<readonly DeviceFilter[]> {
  const filters: DeviceFilter[] = [];
  for (const address of addresses) {
    const user = await directory.user(address.slice(0, address.lastIndexOf('@')), domainOf(address));
    if (user !== null) filters.push({ mailboxId: user.mailboxId });
  }
  return filters;
}

/** Few policies stand for many devices, so each is written out once. */
function comparison(): (a: DevicePolicy, b: DevicePolicy) => boolean {
  const texts = new Map<DevicePolicy, string>();
  const textOf = (policy: DevicePolicy): string => {
    const text = texts.get(policy) ?? JSON.stringify(policy);
    texts.set(policy, text);
    return text;
  };
  return (a, b) => a === b || textOf(a) === textOf(b);
}
