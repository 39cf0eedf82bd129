import type { DevicePolicy, DeviceSettingValue } from '../../../src/config/device-policy.ts';
import { DEVICE_SETTINGS } from '../../../src/config/device-settings.ts';
import { isPolicyRequired, policiesInForce, policyFor } from '../../../src/devices/policy-in-force.ts';
import { policyHash } from '../../../src/devices/policy-standing.ts';
import { type ClassVersion, isKnown } from '../classes/version.ts';
import type { EasContext } from '../command.ts';

/** What is asked of one device, in the words of its version. */
export interface PolicyRules extends Pick<DevicePolicy, 'allowPartial' | 'allowExternal'> {
  /** Whether this device may not go on without the policy. */
  readonly isRequired: boolean;
  /** Whether it may, since it is of a kind that cannot do it. */
  readonly isExempt: boolean;
  /** Every setting that the version has, as it is sent. */
  readonly settings: PolicyDocument['settings'];
  /** Names this set of settings: devices with another must fetch it. */
  readonly hash: string;
}

interface PolicyDocument {
  readonly settings: ReadonlyMap<string, DeviceSettingValue>;
  readonly hash: string;
}

/** What a device did with a policy (MS-ASPROV §2.2.2.54.1). */
const POLICY_ANSWER = { partly: 2, refused: 3, external: 4 } as const;

/** By policy and version: made of it once, asked for in every request. */
const DOCUMENTS = new WeakMap<DevicePolicy, Map<ClassVersion, PolicyDocument>>();

/** The policy in force for the device that asks. */
export async function policyRules({
  environment: { directory, log },
  device,
  version,
}: Pick<EasContext, 'environment' | 'device' | 'version'>): Promise<PolicyRules> {
  const { policy } = policyFor(await policiesInForce(directory, log), device);
  const { required, allowPartial, allowExternal } = policy;
  const isRequired = isPolicyRequired(policy, device);
  const isExempt = required && !isRequired;
  return { allowPartial, allowExternal, isRequired, isExempt, ...documentFor(policy, version) };
}

function documentFor(policy: DevicePolicy, version: ClassVersion): PolicyDocument {
  const documents = DOCUMENTS.get(policy) ?? new Map<ClassVersion, PolicyDocument>();
  DOCUMENTS.set(policy, documents);
  const known = documents.get(version) ?? documentOf(policy, version);
  documents.set(version, known);
  return known;
}

/**
 * Named by what the version knows of it: a setting that a device is never sent must not make it fetch for ever, and one whose
 * version rises fetches what it was not sent before.
 */
function documentOf(policy: DevicePolicy, version: ClassVersion): PolicyDocument {
  const names = Object.keys(DEVICE_SETTINGS).filter((name) => isKnown(`Provision:${name}`, version));
  const hash = policyHash(policy, (name) => names.includes(name));
  const settings = new Map(names.map((name) => [name, policy.settings[name] ?? DEVICE_SETTINGS[name]!.unset]));
  return { settings, hash };
}

/** Why what a device answered to its policy (MS-ASPROV §2.2.2.54.1) is not enough; null when it is. */
export function refusalOfAnswer(answer: number | null, rules: PolicyRules): 139 | 141 | 145 | null {
  if (rules.isExempt) return null;
  if (answer === POLICY_ANSWER.partly && !rules.allowPartial) return 139;
  if (answer === POLICY_ANSWER.refused && rules.isRequired) return 141;
  if (answer === POLICY_ANSWER.external && !rules.allowExternal) return 145;
  return null;
}
