import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import type { Binding } from '../binding.ts';
import { categoriesBinding } from '../component/categories-binding.ts';
import { NOTE_BINDING } from '../component/note-binding.ts';
import { sensitivityBinding } from '../component/sensitivity-binding.ts';
import { readOnlyTextBinding, textBinding } from '../component/text-binding.ts';
import { type ClassVersion, isAtLeast } from '../version.ts';
import { ATTENDEES_BINDING } from './attendees-binding.ts';
import { BUSY_STATUS_BINDING } from './busy-status-binding.ts';
import {
  MEETING_STATUS_BINDING,
  ORGANIZER_BINDING,
  RESPONSE_BINDING,
  WANTED_ANSWER_BINDING,
} from './meeting-bindings.ts';
import { REMINDER_BINDING } from './reminder-binding.ts';

const SHARED: readonly Binding<Component>[] = [
  textBinding('Calendar:Subject', 'SUMMARY'),
  textBinding('Calendar:Location', 'LOCATION'),
  categoriesBinding('Calendar'),
  sensitivityBinding('Calendar'),
  BUSY_STATUS_BINDING,
  REMINDER_BINDING,
  ATTENDEES_BINDING,
  MEETING_STATUS_BINDING,
];

/** What an event says beside its times, its rule and its exceptions. */
export const EVENT_BINDINGS: readonly Binding<Component>[] = [
  ...SHARED,
  ORGANIZER_BINDING,
  WANTED_ANSWER_BINDING,
  RESPONSE_BINDING,
  readOnlyTextBinding('Calendar:OnlineMeetingConfLink', 'X-MICROSOFT-ONLINEMEETINGCONFLINK'),
  readOnlyTextBinding('Calendar:OnlineMeetingExternalLink', 'X-MICROSOFT-ONLINEMEETINGEXTERNALLINK'),
  NOTE_BINDING,
];

const OF_OCCURRENCE: readonly Binding<Component>[] = [...SHARED, NOTE_BINDING];
const BEFORE_14_0 = OF_OCCURRENCE.filter((binding) => binding !== ATTENDEES_BINDING);

/** What one occurrence can say in another way (MS-ASCAL §2.2.2.20); attendees of its own came with 14.0 (§2.2.2.3). */
export function exceptionBindings(version: ClassVersion): readonly Binding<Component>[] {
  return isAtLeast(version, '14.0') ? OF_OCCURRENCE : BEFORE_14_0;
}
