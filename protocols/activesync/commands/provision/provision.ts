import { isGatewayError } from '../../../../src/domain/errors.ts';
import type { EasCommand, EasContext } from '../../command.ts';
import { readDeviceInformation, withInformation } from '../../device/device-information.ts';
import { updateDevice } from '../../device/update-device.ts';
import { statusDocument } from '../../roots.ts';
import type { WbxElement } from '../../wbxml/element.ts';
import { WbxValueError } from '../../wbxml/errors.ts';
import { child, childNumber, requiredChild } from '../../wbxml/read-element.ts';
import { acknowledgePolicy } from './acknowledge-policy.ts';
import { offerPolicy } from './offer-policy.ts';

/** MS-ASPROV §2.2.2.54.2 */
const STATUS = { done: 1, protocolError: 2, serverError: 3 } as const;

/** Provision (MS-ASPROV §3.1.5.1): a policy in two steps, and what a device did when it was told to wipe itself. */
export const PROVISION: EasCommand = {
  name: 'Provision',
  protocolError: STATUS.protocolError,
  takes: { empty: true },
  passesWithoutPolicy: true,
  async handle(context, body) {
    if (body.kind !== 'document') return { kind: 'document', root: statusDocument('Provision', STATUS.protocolError) };
    try {
      return { kind: 'document', root: await answer(context, body.root) };
    } catch (error) {
      // The only failure of the server that the command has a word for, and in all versions.
      if (!isGatewayError(error, 'store-unavailable')) throw error;
      context.logFields.refused = error.message;
      return { kind: 'document', root: statusDocument('Provision', STATUS.serverError) };
    }
  },
};

async function answer(context: EasContext, root: WbxElement): Promise<WbxElement> {
  const wipe = child(root, 'Provision:RemoteWipe');
  if (wipe !== null) return wipeAnswer(context, root, wipe);
  const element = child(root, 'Settings:DeviceInformation');
  const told = element === null ? null : readDeviceInformation(element);
  const policies = child(root, 'Provision:Policies');
  if (policies === null) {
    if (child(root, 'Provision:Policy') !== null) {
      throw new WbxValueError('structure', root.name, 'has a Policy outside of Policies');
    }
    // Without anything in it the command asks whether the device is to wipe itself (§3.1.5.1.1).
    if (told !== null) await updateDevice(context, (device) => withInformation(device, told));
    return statusDocument('Provision', STATUS.done);
  }
  const policy = requiredChild(policies, 'Provision:Policy');
  const isAcknowledgement = child(policy, 'Provision:Status') !== null;
  return isAcknowledgement ? acknowledgePolicy(context, policy) : offerPolicy(context, policy, told);
}

/** No device was told to wipe itself, so none did: the message is thanked for. iOS puts the status beside the element. */
function wipeAnswer(context: EasContext, root: WbxElement, wipe: WbxElement): WbxElement {
  const bounds = { min: 1, max: 2 };
  const status = childNumber(wipe, 'Provision:Status', bounds) ?? childNumber(root, 'Provision:Status', bounds);
  context.logFields.wipe = status ?? 'no status';
  return statusDocument('Provision', status === null ? STATUS.protocolError : STATUS.done);
}
