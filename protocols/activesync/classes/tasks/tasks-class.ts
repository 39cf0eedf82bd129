import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { type Binding, mergeBindings, renderBindings } from '../binding.ts';
import { categoriesBinding } from '../component/categories-binding.ts';
import { mainComponent, onMain } from '../component/main-component.ts';
import { NOTE_BINDING } from '../component/note-binding.ts';
import { newObject, stampedObject } from '../component/object.ts';
import { sensitivityBinding } from '../component/sensitivity-binding.ts';
import { textBinding } from '../component/text-binding.ts';
import type { ApplicationData, Field } from '../field.ts';
import type { MergeOptions, RenderOptions } from '../options.ts';
import { COMPLETION_BINDING, IMPORTANCE_BINDING, TASK_REMINDER_BINDING } from './task-bindings.ts';
import { TASK_DATES_BINDING } from './task-dates.ts';
import { TASK_RECURRENCE_BINDING } from './task-recurrence.ts';

const BINDINGS: readonly Binding<Component>[] = [
  onMain('VTODO', textBinding('Tasks:Subject', 'SUMMARY')),
  onMain('VTODO', IMPORTANCE_BINDING),
  TASK_DATES_BINDING,
  onMain('VTODO', categoriesBinding('Tasks')),
  TASK_RECURRENCE_BINDING,
  onMain('VTODO', COMPLETION_BINDING),
  onMain('VTODO', sensitivityBinding('Tasks')),
  TASK_REMINDER_BINDING,
  onMain('VTODO', NOTE_BINDING),
];

/** ApplicationData of a task (MS-ASTASK); null for a calendar object without VTODO. @throws ContentSyntaxError */
export function renderTask(calendar: Component, options: RenderOptions): Field[] | null {
  return mainComponent(calendar, 'VTODO') === null ? null : renderBindings(BINDINGS, calendar, options);
}

/**
 * The task after a client's Add (`calendar` null) or Change; the same object when nothing changed.
 * @throws ClassDataError for data that cannot be taken
 */
export function mergeTask(calendar: Component | null, fields: ApplicationData, options: MergeOptions): Component {
  const before = calendar ?? newObject('VTODO', options);
  const merged = mergeBindings(BINDINGS, before, fields, options);
  return calendar === null || merged === calendar ? merged : stampedObject(merged, 'VTODO', options);
}
