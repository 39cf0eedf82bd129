import type { Component, ContentLine, Parameter } from './content-line.ts';

/** Tells the two kinds of children apart. */
export function isComponent(child: ContentLine | Component): child is Component {
  return 'children' in child;
}

/** First property of this name (upper case), else null. */
export function propertyOf(component: Component, name: string): ContentLine | null {
  for (const child of component.children) {
    if (child.name === name && !isComponent(child)) return child;
  }
  return null;
}

/** Properties of this name (upper case), all properties without one, in the order written. */
export function propertiesOf(component: Component, name?: string): ContentLine[] {
  const found: ContentLine[] = [];
  for (const child of component.children) {
    if ((name === undefined || child.name === name) && !isComponent(child)) found.push(child);
  }
  return found;
}

/** Direct sub-components of this name (upper case), all of them without one, in the order written. */
export function componentsOf(component: Component, name?: string): Component[] {
  const found: Component[] = [];
  for (const child of component.children) {
    if ((name === undefined || child.name === name) && isComponent(child)) found.push(child);
  }
  return found;
}

/** The parameter of this name (upper case) with all its values, else null. */
export function parameterEntryOf(line: ContentLine, name: string): Parameter | null {
  for (const parameter of line.parameters) if (parameter.name === name) return parameter;
  return null;
}

/** First value of the parameter of this name (upper case), else null. */
export function parameterOf(line: ContentLine, name: string): string | null {
  return parameterEntryOf(line, name)?.values[0] ?? null;
}
