import type { Component } from '../../../src/formats/content-line/content-line.ts';
import { withChildren } from '../../../src/formats/content-line/edit.ts';
import { isComponent } from '../../../src/formats/content-line/lookup.ts';
import type { PropertyWish } from './address-data-request.ts';

/**
 * The properties of a card that a client asked for (RFC 6352 §10.4.2), in the order stored. VERSION stays in any case, as
 * the example of §8.7.1 has it: without it the answer would not be a card.
 */
export function projectCard(card: Component, wishes: readonly PropertyWish[]): Component {
  const children = card.children.flatMap((child) => {
    if (isComponent(child)) return [];
    const group = child.group?.toUpperCase() ?? null;
    const wish = wishes.find(({ name, group: wanted }) => name === child.name && (wanted === null || wanted === group));
    if (wish === undefined) return child.name === 'VERSION' ? [child] : [];
    return [wish.withoutValue ? { ...child, value: '', raw: null } : child];
  });
  return withChildren(card, children);
}
