import {
  DEVICE_POLICIES_SETTING,
  listPolicies,
  MOST_POLICIES,
  type PolicyScope,
  readStoredPolicies,
  type StoredPolicies,
  storedPolicy,
  withStoredPolicy,
} from '../config/device-policies.ts';
import {
  DEVICE_POLICY_SETTING,
  type DevicePolicy,
  DevicePolicyError,
  OPEN_DEVICE_POLICY,
  readDevicePolicy,
} from '../config/device-policy.ts';
import { tellingProblems } from '../devices/last-good-setting.ts';
import { policiesInForce, policyFor } from '../devices/policy-in-force.ts';
import { refreshPolicies } from '../devices/refresh-policies.ts';
import { GatewayError } from '../domain/errors.ts';
import { acting } from '../observe/acting.ts';
import type { DirectoryStore } from '../store/directory-store.ts';
import type { PolicyCalls } from './calls/policy.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';
import { requireDevice } from './devices.ts';
import { checkedScope, scopeText } from './policy-scope.ts';
import { refusingProblems } from './refusing-problems.ts';
import { requireUser } from './users.ts';

/** The calls about what is asked of devices. */
export function policyCalls(parts: AdministrationParts): PolicyCalls {
  const { stores, log } = parts;
  const { directory } = stores;
  return {
    async policyList() {
      const everybody = await ofEverybody(directory);
      const problems = [...everybody.problems];
      const stored = readStoredPolicies(await directory.setting(DEVICE_POLICIES_SETTING), problems);
      const first = { scope: { kind: 'everybody' } as const, policy: everybody.policy };
      return { policies: [first, ...listPolicies(stored)], problems };
    },

    async policyShow({ scope: asked }) {
      const scope = await checkedScope(parts, asked, true);
      if (scope.kind === 'everybody') return ofEverybody(directory);
      const problems: string[] = [];
      const stored = readStoredPolicies(await directory.setting(DEVICE_POLICIES_SETTING), problems);
      const policy = storedPolicy(stored, scope);
      if (policy !== null) return { policy, problems: [] };
      const item = scopeText(scope);
      const told = problems.length === 0 ? '' : ` What is stored has mistakes: ${problems.join('; ')}.`;
      throw new GatewayError('item-not-found', { item }, `There is no policy for ${item}.${told}`);
    },

    async policySet({ scope: asked, policy: value }) {
      const policy = value === null ? null : checked(value);
      const scope = await checkedScope(parts, asked, policy === null);
      const changed = await refreshPolicies({ ...parts.stores, log }, scope, () => store(parts, scope, policy));
      const about = { scope: scopeText(scope), required: policy?.required, devices: changed.length };
      const settings = Object.keys(policy?.settings ?? {});
      configLog(log)({ ...about, settings }, policy === null ? 'device policy removed' : 'device policy set');
      for (const { mailboxId, device } of changed) parts.endRequests?.(mailboxId, device.id);
      return { policy: scope.kind === 'everybody' ? (policy ?? OPEN_DEVICE_POLICY) : policy, changed: changed.length };
    },

    async policyOf({ address, device: name }) {
      const { mailboxId } = await requireUser(parts, address);
      const device = await requireDevice(stores.syncState.read(mailboxId), name);
      return policyFor(await policiesInForce(directory, log), device);
    },
  };
}

const readEverybody = tellingProblems(readDevicePolicy, DevicePolicyError, OPEN_DEVICE_POLICY);

async function ofEverybody(directory: Pick<DirectoryStore, 'setting'>) {
  const { usable: policy, problems } = readEverybody(await directory.setting(DEVICE_POLICY_SETTING));
  return { policy, problems };
}

async function store(
  { stores: { directory }, log }: AdministrationParts,
  scope: PolicyScope,
  policy: DevicePolicy | null,
): Promise<void> {
  const who = acting().user;
  if (scope.kind === 'everybody') return directory.setSetting(DEVICE_POLICY_SETTING, policy, who);
  // What is in force, which is an earlier one where what is stored has mistakes.
  const { stored } = await policiesInForce(directory, log);
  if (policy === null && storedPolicy(stored, scope) === null) {
    const item = scopeText(scope);
    throw new GatewayError('item-not-found', { item }, `There is no policy for ${item}.`);
  }
  const changed = withStoredPolicy(stored, scope, policy);
  checkNumber(changed);
  await directory.setSetting(DEVICE_POLICIES_SETTING, changed, who);
}

function checkNumber(stored: StoredPolicies): void {
  if (listPolicies(stored).length <= MOST_POLICIES) return;
  const reason = `there are ${MOST_POLICIES} policies already; make a group of users who have the same`;
  throw new GatewayError('object-invalid', { reason }, `The device policy cannot be set: ${reason}.`);
}

const checked = refusingProblems(readDevicePolicy, DevicePolicyError);
