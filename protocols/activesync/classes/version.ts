import { type ApplicationData, type Field, isChildren } from './field.ts';

/** Protocol versions whose item data is translated here. */
export type ClassVersion = '12.1' | '14.0' | '14.1';

const ORDER: readonly ClassVersion[] = ['12.1', '14.0', '14.1'];

/** Elements that 12.1 does not know (MS-ASWBXML §2.1.2.1); pages that are new as a whole are named by their page. */
const SINCE: Readonly<Record<string, ClassVersion>> = {
  Notes: '14.0',
  Email2: '14.0',
  'Email:Categories': '14.0',
  'Email:Category': '14.0',
  'Email:DisallowNewTimeProposal': '14.0',
  'Email2:AccountId': '14.1',
  'Email2:FirstDayOfWeek': '14.1',
  'Email2:MeetingMessageType': '14.1',
  'Contacts:Alias': '14.0',
  'Contacts:WeightedRank': '14.0',
  'Calendar:DisallowNewTimeProposal': '14.0',
  'Calendar:ResponseRequested': '14.0',
  'Calendar:AppointmentReplyTime': '14.0',
  'Calendar:ResponseType': '14.0',
  'Calendar:CalendarType': '14.0',
  'Calendar:IsLeapMonth': '14.0',
  'Calendar:FirstDayOfWeek': '14.1',
  'Calendar:OnlineMeetingConfLink': '14.1',
  'Calendar:OnlineMeetingExternalLink': '14.1',
  'Tasks:CalendarType': '14.0',
  'Tasks:IsLeapMonth': '14.0',
  'Tasks:FirstDayOfWeek': '14.1',
  'AirSyncBase:Preview': '14.0',
  'AirSyncBase:BodyPart': '14.1',
};

export function isAtLeast(version: ClassVersion, since: ClassVersion): boolean {
  return ORDER.indexOf(version) >= ORDER.indexOf(since);
}

/** Whether the version has this element (`Page:Element`). */
export function isKnown(name: string, version: ClassVersion): boolean {
  const since = SINCE[name] ?? SINCE[name.slice(0, name.indexOf(':'))];
  return since === undefined || isAtLeast(version, since);
}

/** The fields without what the version does not know, in containers too. */
export function forVersion(fields: ApplicationData, version: ClassVersion): Field[] {
  return fields
    .filter(({ name }) => isKnown(name, version))
    .map((field) => (isChildren(field.value) ? { ...field, value: forVersion(field.value, version) } : field));
}
