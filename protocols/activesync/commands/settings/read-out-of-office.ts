import {
  AUDIENCES,
  type Audience,
  type AutomaticAnswer,
  type OutOfOffice,
} from '../../../../src/domain/out-of-office.ts';
import { ClassDataError } from '../../classes/class-error.ts';
import { readDate } from '../../classes/dates.ts';
import type { WbxElement } from '../../wbxml/element.ts';
import type { ElementName } from '../../wbxml/elements.ts';
import { WbxValueError } from '../../wbxml/errors.ts';
import { child, childBool, childElements, childNumber, childText } from '../../wbxml/read-element.ts';
import { SETTING_STATUS, type SettingStatus } from './setting-status.ts';

/** One element of the request cannot be done; the others can. */
export class SettingRefused extends Error {
  readonly status: SettingStatus;

  constructor(status: SettingStatus, message: string) {
    super(message);
    this.name = 'SettingRefused';
    this.status = status;
  }
}

/** The element that says for whom a message is. */
export const APPLIES_TO: Readonly<Record<Audience, ElementName>> = {
  internal: 'Settings:AppliesToInternal',
  externalKnown: 'Settings:AppliesToExternalKnown',
  externalUnknown: 'Settings:AppliesToExternalUnknown',
};

/** Characters of one answer. */
const LONGEST_ANSWER = 128 * 1024;

/**
 * What Oof Set makes of what is stored; what it does not name stays.
 * @throws SettingRefused 2 for one time without the other, 5 for values that are none, 6 for such as contradict each other
 */
export function readOutOfOffice(set: WbxElement, stored: OutOfOffice): OutOfOffice {
  const answers = readAnswers(set, stored);
  const state = (read(() => childNumber(set, 'Settings:OofState', { min: 0, max: 2 })) ?? stored.state) as 0 | 1 | 2;
  // MS-ASCMD §2.2.3.124: other states have no times, and some that come along are passed over.
  if (state !== 2) return { ...answers, state, start: null, end: null };
  const times = { start: timeOf(set, 'Settings:StartTime'), end: timeOf(set, 'Settings:EndTime') };
  // MS-ASCMD §2.2.3.61.2
  if ((times.start === null) !== (times.end === null)) {
    throw new SettingRefused(SETTING_STATUS.protocolError, 'a time without the other');
  }
  // Without times, and where none are known, it is so from now on.
  const { start, end } = times.start === null ? stored : times;
  if (start !== null && end !== null && end <= start)
    throw new SettingRefused(SETTING_STATUS.conflicting, 'the end is not after the start');
  return { ...answers, state, start, end };
}

function readAnswers(set: WbxElement, stored: OutOfOffice): Record<Audience, AutomaticAnswer> {
  const answers: Record<Audience, AutomaticAnswer> = {
    internal: stored.internal,
    externalKnown: stored.externalKnown,
    externalUnknown: stored.externalUnknown,
  };
  const seen = new Map<Audience, AutomaticAnswer>();
  for (const message of childElements(set, 'Settings:OofMessage')) {
    const audiences = AUDIENCES.filter((audience) => child(message, APPLIES_TO[audience]) !== null);
    if (audiences.length === 0) throw new SettingRefused(SETTING_STATUS.invalid, 'a message for nobody');
    for (const audience of audiences) {
      const answer = readAnswer(message, stored[audience]);
      const other = seen.get(audience) ?? answer;
      const isSame =
        other.enabled === answer.enabled && other.text === answer.text && other.bodyType === answer.bodyType;
      if (!isSame) throw new SettingRefused(SETTING_STATUS.conflicting, `two messages for ${audience}`);
      seen.set(audience, answer);
      answers[audience] = answer;
    }
  }
  return answers;
}

function readAnswer(message: WbxElement, stored: AutomaticAnswer): AutomaticAnswer {
  const enabled = read(() => childBool(message, 'Settings:Enabled')) ?? stored.enabled;
  const text = read(() => childText(message, 'Settings:ReplyMessage'));
  const bodyType = bodyTypeOf(message);
  if (text === null) return { ...stored, enabled };
  if (text.length > LONGEST_ANSWER) throw new SettingRefused(SETTING_STATUS.invalid, 'a message that is too long');
  return { enabled, text, bodyType: bodyType ?? 'TEXT' };
}

/** @throws SettingRefused 5 for a type that is none */
export function bodyTypeOf(element: WbxElement): AutomaticAnswer['bodyType'] | null {
  const text = read(() => childText(element, 'Settings:BodyType'))
    ?.trim()
    .toUpperCase();
  if (text === undefined || text === '') return null;
  if (text !== 'TEXT' && text !== 'HTML') throw new SettingRefused(SETTING_STATUS.invalid, `the body type ${text}`);
  return text;
}

function timeOf(set: WbxElement, name: ElementName): number | null {
  const text = read(() => childText(set, name))?.trim() ?? '';
  return text === '' ? null : read(() => readDate(text, name));
}

/** Values that are none are a status of this element, not the end of the whole request. */
function read<T>(value: () => T): T {
  try {
    return value();
  } catch (error) {
    if (!(error instanceof WbxValueError || error instanceof ClassDataError)) throw error;
    throw new SettingRefused(SETTING_STATUS.invalid, error.message);
  }
}
