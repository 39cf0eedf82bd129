import type { WbxElement } from '../../wbxml/element.ts';
import { requiredChild, textOf } from '../../wbxml/read-element.ts';
import { SETTING_STATUS, settingAnswer } from './setting-status.ts';

/** Characters; MS-ASCMD §2.2.1.18 */
const LONGEST_PASSWORD = 255;

/**
 * DevicePassword Set (MS-ASCMD §2.2.3.46): a password with which a device that its owner forgot the password of can be opened.
 * No policy asks for one here, since nobody could look it up: it is read and refused, never kept.
 */
export async function answerDevicePassword(_context: unknown, element: WbxElement): Promise<WbxElement> {
  const password = textOf(requiredChild(requiredChild(element, 'Settings:Set'), 'Settings:Password'));
  const isTooLong = password.length > LONGEST_PASSWORD;
  return settingAnswer('Settings:DevicePassword', isTooLong ? SETTING_STATUS.invalid : SETTING_STATUS.deniedByPolicy);
}
