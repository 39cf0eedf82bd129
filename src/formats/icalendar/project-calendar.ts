import type { Component, ContentLine } from '../content-line/content-line.ts';
import { withChildren } from '../content-line/edit.ts';
import { isComponent } from '../content-line/lookup.ts';

/** What of a component is wanted (RFC 4791 §9.6.1 `comp`). Names in upper case. */
export interface ComponentSelection {
  readonly name: string;
  readonly properties: 'all' | readonly PropertySelection[];
  readonly components: 'all' | readonly ComponentSelection[];
}

/** RFC 4791 §9.6.4 `prop`. */
export interface PropertySelection {
  readonly name: string;
  /** Name, parameters and colon only. */
  readonly noValue: boolean;
}

/**
 * The part of a calendar object that a client asked for (RFC 4791 §9.6). A `comp` that names neither properties nor
 * components stands for all of that component: so does the VTIMEZONE in the example of RFC 4791 §7.8.1. Null when the
 * selection is of another component than `calendar`.
 */
export function projectCalendar(calendar: Component, selection: ComponentSelection): Component | null {
  return calendar.name === selection.name ? project(calendar, selection) : null;
}

function project(component: Component, selection: ComponentSelection): Component {
  const { properties, components } = selection;
  if (properties !== 'all' && components !== 'all' && properties.length + components.length === 0) return component;
  const children: (ContentLine | Component)[] = [];
  for (const child of component.children) {
    if (isComponent(child)) {
      const wanted = components === 'all' ? null : components.find(({ name }) => name === child.name);
      if (wanted !== undefined) children.push(wanted === null ? child : project(child, wanted));
    } else {
      const wanted = properties === 'all' ? null : properties.find(({ name }) => name === child.name);
      if (wanted !== undefined) children.push(wanted?.noValue ? { ...child, value: '', raw: null } : child);
    }
  }
  return withChildren(component, children);
}
