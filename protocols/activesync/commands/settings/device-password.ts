import type { EasContext } from '../../command.ts';
import type { WbxElement } from '../../wbxml/element.ts';
import { requiredChild, textOf } from '../../wbxml/read-element.ts';
import { SETTING_STATUS, type SettingStatus, settingAnswer } from './setting-status.ts';

/** Characters; MS-ASCMD §2.2.3.132.3 */
const LONGEST_PASSWORD = 255;
/** Nobody can type these; shown on a terminal they command it, and turn a text around. */
const UNTYPED = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

/**
 * DevicePassword Set (MS-ASCMD §2.2.3.46): a password with which a device that its owner forgot the password of can be opened. Kept
 * where the policy asks for it (MS-ASPROV §2.2.2.39); an empty one takes the last away (MS-ASCMD §2.2.3.132.3).
 */
export async function answerDevicePassword(context: EasContext, element: WbxElement): Promise<WbxElement> {
  const password = textOf(requiredChild(requiredChild(element, 'Settings:Set'), 'Settings:Password'));
  return settingAnswer('Settings:DevicePassword', await deposit(context, password));
}

async function deposit({ environment, principal, device, line }: EasContext, password: string): Promise<SettingStatus> {
  const { recovery } = environment;
  if (password.length > LONGEST_PASSWORD || UNTYPED.test(password)) return SETTING_STATUS.invalid;
  if (!(await recovery.areKeptFor(device))) return SETTING_STATUS.deniedByPolicy;
  if (!line.isProbe) await recovery.deposit(principal.mailboxId, device, password);
  return SETTING_STATUS.done;
}
