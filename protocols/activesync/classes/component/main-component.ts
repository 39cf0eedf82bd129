import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { replaceChild } from '../../../../src/formats/content-line/edit.ts';
import { componentsOf, propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import type { Binding } from '../binding.ts';

/** The component whose properties are the item's: the master, or the first where there is none; null for no such kind. */
export function mainComponent(calendar: Component, kind: string): Component | null {
  const all = componentsOf(calendar, kind);
  return all.find((component) => propertyOf(component, 'RECURRENCE-ID') === null) ?? all[0] ?? null;
}

/** The calendar with the main component changed; the same object when it is the same. */
export function updateMain(calendar: Component, kind: string, update: (main: Component) => Component): Component {
  const main = mainComponent(calendar, kind);
  if (main === null) return calendar;
  const next = update(main);
  return next === main ? calendar : replaceChild(calendar, main, next);
}

/** A binding of a component as a binding of the calendar around it. */
export function onMain(kind: string, binding: Binding<Component>): Binding<Component> {
  const { write, ...rest } = binding;
  return {
    ...rest,
    read: (calendar, options) => {
      const main = mainComponent(calendar, kind);
      return main === null ? [] : binding.read(main, options);
    },
    ...(write === undefined
      ? {}
      : { write: (calendar, fields, options) => updateMain(calendar, kind, (main) => write(main, fields, options)) }),
  };
}
