import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { makeLine } from '../../../../src/formats/content-line/line.ts';
import { propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { escapeText, unescapeText } from '../../../../src/formats/content-line/text.ts';
import { editProperties } from '../../../../src/formats/icalendar/edit-properties.ts';
import { type Binding, normalText } from '../binding.ts';
import { field, optional } from '../field.ts';
import { readText } from '../read-values.ts';

/** Decoded text of a property; null where missing or empty. */
export function propertyText(component: Component, name: string): string | null {
  const line = propertyOf(component, name);
  const text = line === null ? '' : unescapeText(line.value);
  return text === '' ? null : text;
}

/** The component with a TEXT property of this value, or without it for null. */
export function withText(component: Component, name: string, text: string | null): Component {
  if (text === null) return editProperties(component, { remove: [name] });
  return editProperties(component, { set: [makeLine({ name, value: escapeText(text) })] });
}

/** One element that is the text of one property. */
export function textBinding(element: string, property: string): Binding<Component> {
  return {
    names: [element],
    read: (component) => optional(element, shownText(propertyText(component, property))),
    write: (component, fields) => {
      const text = readText(fields, element);
      return withText(component, property, text === null || text.trim() === '' ? null : normalText(text));
    },
  };
}

/** One element that is the text of one property and never changed by a client. */
export function readOnlyTextBinding(element: string, property: string): Binding<Component> {
  return {
    names: [element],
    read: (component) => {
      const text = shownText(propertyText(component, property));
      return text === null ? [] : [field(element, text)];
    },
  };
}

/** Control characters cannot be sent (XML 1.0 §2.2); what is left may be nothing. */
export function shownText(text: string | null): string | null {
  if (text === null) return null;
  const clean = text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '').toWellFormed();
  return clean === '' ? null : clean;
}
