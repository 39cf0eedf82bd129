import type { Component, ContentLine } from './content-line.ts';
import { sameLine } from './line.ts';
import { isComponent } from './lookup.ts';

type Child = ContentLine | Component;

/** A component that was not read but made. */
export function makeComponent(name: string, children: readonly Child[]): Component {
  return { name: name.toUpperCase(), begin: null, end: null, children };
}

/** The component with other children; the same object when they are the same ones. */
export function withChildren(component: Component, children: readonly Child[]): Component {
  const old = component.children;
  if (old.length === children.length && old.every((child, index) => child === children[index])) return component;
  return { ...component, children };
}

/** Adds a property behind the last one, before the sub-components that follow it. */
export function withProperty(component: Component, line: ContentLine): Component {
  const at = component.children.findLastIndex((child) => !isComponent(child)) + 1;
  return withChildren(component, component.children.toSpliced(at, 0, line));
}

/**
 * Makes `line` the only property of its name: in the place of the first one, else behind the last property. A property
 * that says the same already keeps its bytes.
 */
export function setProperty(component: Component, line: ContentLine): Component {
  return setProperties(component, line.name, [line]);
}

/**
 * Makes `lines` all the properties of this name (upper case). What is there in the same place with the same content
 * keeps its bytes; further ones go behind the last of them.
 */
export function setProperties(component: Component, name: string, lines: readonly ContentLine[]): Component {
  const children: Child[] = [];
  let used = 0;
  let insertAt = -1;
  for (const child of component.children) {
    if (isComponent(child) || child.name !== name) {
      children.push(child);
      continue;
    }
    const line = lines[used];
    used += 1;
    if (line !== undefined) children.push(sameLine(child, line) ? child : line);
    insertAt = children.length;
  }
  if (insertAt < 0) insertAt = children.findLastIndex((child) => !isComponent(child)) + 1;
  const added = lines.slice(used);
  return withChildren(component, [...children.slice(0, insertAt), ...added, ...children.slice(insertAt)]);
}

/** Removes all properties of this name (upper case). */
export function removeProperty(component: Component, name: string): Component {
  return setProperties(component, name, []);
}

/** Puts `next` in the place of `child` (found by identity), or removes it with null. TypeError when it is not there. */
export function replaceChild(component: Component, child: Child, next: Child | null): Component {
  const at = component.children.indexOf(child);
  if (at < 0) throw new TypeError(`${component.name} does not hold that ${child.name}`);
  const children = component.children;
  return withChildren(component, next === null ? children.toSpliced(at, 1) : children.with(at, next));
}
