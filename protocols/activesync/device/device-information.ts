import type { Device } from '../../../src/store/device-store.ts';
import type { WbxElement } from '../wbxml/element.ts';
import type { ElementName } from '../wbxml/elements.ts';
import { WbxValueError } from '../wbxml/errors.ts';
import { child, childElements, textOf } from '../wbxml/read-element.ts';

/** What a device can tell of itself (MS-ASCMD §2.2.3.45); kept under the element's name without its page. */
const FIELDS: readonly ElementName[] = [
  'Settings:Model',
  'Settings:IMEI',
  'Settings:FriendlyName',
  'Settings:OS',
  'Settings:OSLanguage',
  'Settings:PhoneNumber',
  'Settings:UserAgent',
  'Settings:EnableOutboundSMS',
  'Settings:MobileOperator',
];

/** Characters of one field. */
const LONGEST_FIELD = 1024;

/** Statuses of DeviceInformation (MS-ASCMD §2.2.3.177.15). */
export type InformationStatus = 1 | 2 | 5 | 6;

/** What a device told; with a status other than 1 nothing of it counts. An empty field takes away what was told before. */
export interface ToldInformation {
  readonly status: InformationStatus;
  readonly fields: Readonly<Record<string, string>>;
}

/** Reads a DeviceInformation element of Settings or Provision. */
export function readDeviceInformation(element: WbxElement): ToldInformation {
  const set = child(element, 'Settings:Set');
  if (set === null) return refused(2);
  const fields: Record<string, string> = {};
  for (const name of FIELDS) {
    const texts = [...new Set(textsOf(set, name))];
    if (texts.includes(null)) return refused(2);
    const [text, another] = texts as string[];
    if (text === undefined) continue;
    // Twice the same is one of the things that clients do; twice something else says nothing.
    if (another !== undefined) return refused(6);
    if (text.length > LONGEST_FIELD) return refused(5);
    if (name === 'Settings:EnableOutboundSMS' && !/^[01]?$/.test(text)) return refused(5);
    fields[name.slice('Settings:'.length)] = text;
  }
  return { status: 1, fields };
}

function refused(status: InformationStatus): ToldInformation {
  return { status, fields: {} };
}

/** Null stands for a field that holds elements. */
function textsOf(set: WbxElement, name: ElementName): (string | null)[] {
  return childElements(set, name).map((field) => {
    try {
      // Shown to administrators, who decide by it: nothing in it commands a terminal or turns the text around.
      return textOf(field)
        .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
        .trim();
    } catch (error) {
      if (!(error instanceof WbxValueError)) throw error;
      return null;
    }
  });
}

/** The device with what it told; the same object when that is nothing new. */
export function withInformation(device: Device, { fields }: ToldInformation): Device {
  const information: Record<string, string> = { ...device.information };
  for (const [name, text] of Object.entries(fields)) {
    if (text === '') delete information[name];
    else information[name] = text;
  }
  const before = device.information;
  const names = new Set([...Object.keys(before), ...Object.keys(information)]);
  const isSame = [...names].every((name) => before[name] === information[name]);
  return isSame ? device : { ...device, information };
}
