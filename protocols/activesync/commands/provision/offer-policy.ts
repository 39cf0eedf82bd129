import { isAtLeast } from '../../classes/version.ts';
import type { EasContext } from '../../command.ts';
import { type ToldInformation, withInformation } from '../../device/device-information.ts';
import { updateDevice } from '../../device/update-device.ts';
import { unprovisionedDocument } from '../../policy/gate.ts';
import { freshPolicyKey } from '../../policy/policy-key.ts';
import { type PolicyRules, policyRules, refusalOfAnswer } from '../../policy/policy-rules.ts';
import { provisionDocument } from '../../policy/provision-document.ts';
import { EasStatusError } from '../../status.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import { requiredChild, textOf } from '../../wbxml/read-element.ts';
import { POLICY_STATUS, policyAnswer, WBXML_POLICY } from './policy-answer.ts';

/** Characters of a PolicyType that are given back. */
const LONGEST_TYPE = 64;

/**
 * The first of two steps (MS-ASPROV §3.2.5.1.1): the policy, with a key that is good for acknowledging it only. The key in force
 * stays in force until then. There always is a policy, if one that asks for nothing: some clients go on only with a key.
 * @param told What the device told of itself in this request, null for nothing.
 * @throws EasStatusError 165; WbxValueError without PolicyType
 */
export async function offerPolicy(
  context: EasContext,
  policy: WbxElement,
  told: ToldInformation | null,
): Promise<WbxElement> {
  const type = textOf(requiredChild(policy, 'Provision:PolicyType')).trim();
  checkInformation(context, told);
  const information = informationAnswer(context, told);
  if (type !== WBXML_POLICY) {
    await updateDevice(context, (device) => (told === null ? device : withInformation(device, told)));
    return policyAnswer(type.slice(0, LONGEST_TYPE), POLICY_STATUS.unknownType, [], information);
  }
  const rules = await policyRules(context);
  const key = await keepOffer(context, rules, told);
  context.logFields.policy = 'offered';
  const more = [el('Provision:PolicyKey', key), el('Provision:Data', provisionDocument(rules))];
  return policyAnswer(type, POLICY_STATUS.done, more, information);
}

/** @returns the key of the offer */
async function keepOffer(context: EasContext, rules: PolicyRules, told: ToldInformation | null): Promise<number> {
  const { random } = context.environment.sync;
  const { policy } = await updateDevice(
    context,
    (device) => {
      const offeredKey = freshPolicyKey(random, device.policy.key, device.policy.offeredKey);
      const known = told === null ? device : withInformation(device, told);
      // An answer that is not enough takes its key along: to ask again must not be a way past it.
      const none = refusalOfAnswer(known.policy.answer, rules) === null ? {} : { key: null, hash: null };
      return { ...known, policy: { ...known.policy, ...none, offeredKey, offeredHash: rules.hash, answer: null } };
    },
    (tx) => tx.putDocument(unprovisionedDocument(context.device.id), null),
  );
  return policy.offeredKey!;
}

/** MS-ASPROV §2.2.2.53: from 14.1 on a device says at least its model, here or by Settings before. @throws EasStatusError 165 */
function checkInformation({ device, version }: EasContext, told: ToldInformation | null): void {
  if (!isAtLeast(version, '14.1')) return;
  const model = told?.fields.Model ?? device.information.Model ?? '';
  if (model === '') throw new EasStatusError(165, 'the device does not tell its model');
}

/** Earlier versions know the element in Settings only. */
function informationAnswer({ version }: EasContext, told: ToldInformation | null): WbxElement | null {
  if (told === null || !isAtLeast(version, '14.1')) return null;
  return el('Settings:DeviceInformation', el('Settings:Status', told.status));
}
