import { isKnown } from '../../classes/version.ts';
import type { EasCommand, EasContext } from '../../command.ts';
import { readDeviceInformation, withInformation } from '../../device/device-information.ts';
import { updateDevice } from '../../device/update-device.ts';
import { checkPolicy } from '../../policy/gate.ts';
import { policyRules } from '../../policy/policy-rules.ts';
import { EasStatusError } from '../../status.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import type { ElementName } from '../../wbxml/elements.ts';
import { WbxValueError } from '../../wbxml/errors.ts';
import { child, childElements, requiredChild } from '../../wbxml/read-element.ts';
import { orUnavailable } from '../or-unavailable.ts';
import { answerDevicePassword } from './device-password.ts';
import { answerOutOfOffice } from './out-of-office.ts';
import { SETTING_STATUS, settingAnswer } from './setting-status.ts';
import { answerUserInformation } from './user-information.ts';

interface Setting {
  /** One of them is in the element, or the request is not begun (MS-ASCMD §2.2.1.18). */
  readonly holds: readonly ElementName[];
  /** What a Set must have. */
  readonly sets?: ElementName;
  readonly answer: (context: EasContext, element: WbxElement) => Promise<WbxElement>;
}

const [GET, SET] = ['Settings:Get', 'Settings:Set'] as const;

const SETTINGS_OF: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  ['Settings:Oof', { holds: [GET, SET], answer: answerOutOfOffice }],
  ['Settings:DeviceInformation', { holds: [SET], answer: answerDeviceInformation }],
  ['Settings:DevicePassword', { holds: [SET], sets: 'Settings:Password', answer: answerDevicePassword }],
  ['Settings:UserInformation', { holds: [GET], answer: answerUserInformation }],
  ['Settings:RightsManagementInformation', { holds: [GET], answer: answerRightsManagement }],
]);

/** Elements of one request: each may cost a transaction. */
const MOST_ELEMENTS = 20;

/** Settings (MS-ASCMD §2.2.1.18): several of them in one request, each done and answered for itself. */
export const SETTINGS: EasCommand = {
  name: 'Settings',
  protocolError: SETTING_STATUS.protocolError,
  takes: {},
  // A device that was told to say what it is before it gets a policy says so here; nothing else passes, see below.
  passesWithoutPolicy: true,
  async handle(context, body) {
    if (body.kind !== 'document') throw new EasStatusError(103, 'Settings needs a document');
    const elements = childElements(body.root).filter(
      ({ name }) => SETTINGS_OF.has(name) && isKnown(name, context.version),
    );
    if (elements.length === 0 || elements.length > MOST_ELEMENTS) {
      throw new EasStatusError(103, `Settings with ${elements.length} elements`);
    }
    if (elements.some(({ name }) => name !== 'Settings:DeviceInformation')) {
      await checkPolicy(context, await policyRules(context));
    }
    for (const element of elements) checkShape(element);
    context.logFields.settings = elements.map(({ name }) => name.slice('Settings:'.length));
    return orUnavailable(context, 'Settings', SETTING_STATUS.unavailable, async () => {
      const answers: WbxElement[] = [];
      for (const element of elements) answers.push(await answerOf(context, element));
      return el('Settings:Settings', el('Settings:Status', SETTING_STATUS.done), answers);
    });
  },
};

/** @throws WbxValueError */
function checkShape(element: WbxElement): void {
  const { holds, sets } = SETTINGS_OF.get(element.name)!;
  const found = [GET, SET].filter((name) => child(element, name) !== null);
  if (found.length !== 1 || !holds.includes(found[0]!)) {
    throw new WbxValueError('structure', element.name, 'holds not what it must');
  }
  if (sets !== undefined) requiredChild(requiredChild(element, SET), sets);
}

/** A value that is none does not undo the others. */
async function answerOf(context: EasContext, element: WbxElement): Promise<WbxElement> {
  try {
    return await SETTINGS_OF.get(element.name)!.answer(context, element);
  } catch (error) {
    if (!(error instanceof WbxValueError)) throw error;
    return settingAnswer(element.name as ElementName, SETTING_STATUS.protocolError);
  }
}

async function answerDeviceInformation(context: EasContext, element: WbxElement): Promise<WbxElement> {
  const told = readDeviceInformation(element);
  if (told.status === 1) await updateDevice(context, (device) => withInformation(device, told));
  return settingAnswer('Settings:DeviceInformation', told.status);
}

async function answerRightsManagement(): Promise<WbxElement> {
  return settingAnswer('Settings:RightsManagementInformation', SETTING_STATUS.rightsManagementOff);
}
