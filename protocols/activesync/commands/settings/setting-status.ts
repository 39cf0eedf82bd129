import { el, type WbxElement } from '../../wbxml/element.ts';
import type { ElementName } from '../../wbxml/elements.ts';

/** Statuses of the command and of what it sets and gets (MS-ASCMD §2.2.3.177.15). */
export const SETTING_STATUS = {
  done: 1,
  protocolError: 2,
  unavailable: 4,
  invalid: 5,
  conflicting: 6,
  deniedByPolicy: 7,
  rightsManagementOff: 168,
} as const;
export type SettingStatus = (typeof SETTING_STATUS)[keyof typeof SETTING_STATUS];

/** The answer to one element of the request: its status, and what was asked for. */
export function settingAnswer(name: ElementName, status: SettingStatus, ...got: readonly WbxElement[]): WbxElement {
  return el(name, el('Settings:Status', status), got);
}
