import type { Component } from '../../../src/formats/content-line/content-line.ts';
import { parseComponents } from '../../../src/formats/content-line/parse-components.ts';

/** The stored card's VCARD. Only what is one was stored. */
export function readCard(content: Uint8Array): Component {
  const [card] = parseComponents(content);
  if (card === undefined) throw new TypeError('a stored card without VCARD');
  return card;
}
