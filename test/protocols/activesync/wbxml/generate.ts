import {
  isByteRun,
  isElement,
  type WbxContent,
  type WbxElement,
} from '../../../../protocols/activesync/wbxml/element.ts';
import { ELEMENT_NAMES, factsOf, nameOf } from '../../../../protocols/activesync/wbxml/elements.ts';
import type { Random } from '../../../support/random.ts';

const TEXTS = ['0', 'Größe', '会議', '🎂 party', ' spaces ', 'two\r\nlines', '<&>"\'', '\ufeffmark', 'x'.repeat(300)];

/** A tree in the form in which the decoder gives it: no empty text, no two texts in a row. */
export function randomTree(random: Random, depth = 1): WbxElement {
  const children: WbxContent[] = [];
  const count = depth > 8 ? 0 : random.below(random.pick([1, 3, 6]));
  for (let index = 0; index < count; index += 1) {
    const content = randomContent(random, depth);
    if (typeof content !== 'string' || typeof children.at(-1) !== 'string') children.push(content);
  }
  if (random.chance(0.04)) {
    const page = random.below(256);
    const token = 5 + random.below(59);
    return { page, name: nameOf(page, token), children };
  }
  const name = random.pick(ELEMENT_NAMES);
  return { page: factsOf(name)!.page, name, children };
}

function randomContent(random: Random, depth: number): WbxContent {
  const kind = random.below(10);
  if (kind < 5) return randomTree(random, depth + 1);
  if (kind < 8) return random.pick(TEXTS);
  const length = random.chance(0.05) ? 65_530 + random.below(70_000) : random.below(random.pick([1, 4, 200, 20_000]));
  return random.bytes(length);
}

/** Cuts into pieces of up to `most` bytes, some of them empty. */
export function cut(bytes: Uint8Array, most: number, random: Random): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = random.below(most + 1);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

/** A form in which trees can be compared: bytes in one piece, whatever they were. */
export function comparable(element: WbxElement): unknown {
  const children = element.children.map((content) => {
    if (typeof content === 'string') return content;
    if (isElement(content)) return comparable(content);
    const bytes = isByteRun(content) ? Buffer.concat(content.chunks as Uint8Array[]) : content;
    return { base64: Buffer.from(bytes).toString('base64') };
  });
  return { page: element.page, name: element.name, children };
}
