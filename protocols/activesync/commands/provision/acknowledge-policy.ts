import type { RandomBytes } from '../../../../src/domain/clock.ts';
import type { DevicePolicyState } from '../../../../src/store/device-store.ts';
import type { EasContext } from '../../command.ts';
import { updateDevice } from '../../device/update-device.ts';
import { freshPolicyKey } from '../../policy/policy-key.ts';
import { policyRules, refusalOfAnswer } from '../../policy/policy-rules.ts';
import { policyKeyOf } from '../../query/request-line.ts';
import { EasStatusError } from '../../status.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import { childText, numberOf, requiredChild } from '../../wbxml/read-element.ts';
import { POLICY_STATUS, policyAnswer, WBXML_POLICY } from './policy-answer.ts';

interface Acknowledgement {
  /** Of the offer that is meant. */
  readonly key: number | null;
  readonly answer: number;
  /** Why that answer is not enough; null when it is. */
  readonly refusal: 139 | 141 | 145 | null;
}

/**
 * The second step (MS-ASPROV §3.2.5.1.2.1): the device says what it did, and gets the key for its requests. Told again the same,
 * because the answer was lost, it gets the same key.
 * @throws EasStatusError 139, 141, 145 when that is not enough; WbxValueError for a status that is none
 */
export async function acknowledgePolicy(context: EasContext, policy: WbxElement): Promise<WbxElement> {
  const { environment, line, logFields } = context;
  const answer = numberOf(requiredChild(policy, 'Provision:Status'), { min: 1, max: 4 });
  logFields.policyAnswer = answer;
  // Some clients leave the key out of the document and show it with the request instead.
  const key = policyKeyOf(childText(policy, 'Provision:PolicyKey')) ?? line.policyKey;
  const told = { key, answer, refusal: refusalOfAnswer(answer, await policyRules(context)) };
  const settled: (DevicePolicyState | null)[] = [];
  await updateDevice(context, (device) => {
    // What a probe was offered is not kept, so whatever it names is taken for it.
    const before = line.isProbe ? { ...device.policy, offeredKey: key } : device.policy;
    const after = settle(before, told, environment.sync.random);
    settled.push(after);
    return after === null ? device : { ...device, policy: after };
  });
  const state = settled.at(-1) ?? null;
  if (state === null) return policyAnswer(WBXML_POLICY, POLICY_STATUS.wrongKey);
  if (told.refusal !== null) throw new EasStatusError(told.refusal, `the device answered ${answer} to its policy`);
  return policyAnswer(WBXML_POLICY, POLICY_STATUS.done, [el('Provision:PolicyKey', state.key)]);
}

/** Null when no offer has this key. */
function settle(
  policy: DevicePolicyState,
  { key, answer, refusal }: Acknowledgement,
  random: RandomBytes,
): DevicePolicyState | null {
  if (key === null || key !== policy.offeredKey) return null;
  // The offer is used up: a device that thinks better of it asks again.
  if (refusal !== null) return { ...policy, offeredKey: null, offeredHash: null, answer };
  const isRepeat = policy.answer !== null && policy.key !== null;
  if (isRepeat) return { ...policy, answer };
  return { ...policy, key: freshPolicyKey(random, key, policy.key), hash: policy.offeredHash, answer };
}
