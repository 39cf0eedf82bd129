import { isUtf8 } from 'node:buffer';
import type { Component } from '../../src/formats/content-line/content-line.ts';
import { isComponent } from '../../src/formats/content-line/lookup.ts';
import { parseComponents } from '../../src/formats/content-line/parse-components.ts';
import { serializeComponents } from '../../src/formats/content-line/serialize.ts';

/**
 * Stored iCalendar or vCard bytes as text for an XML answer, without parsing where they are UTF-8 as they should be.
 * Old programs wrote windows-1252 or folded inside a UTF-8 sequence; such an object is written anew from what was read.
 */
export function contentText(content: Uint8Array): string {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const read = parseComponents(bytes, { lenient: true });
  return Buffer.from(serializeComponents(read.map(withoutBytes))).toString('utf8');
}

function withoutBytes(component: Component): Component {
  const children = component.children.map((child) =>
    isComponent(child) ? withoutBytes(child) : { ...child, raw: null },
  );
  return { ...component, children };
}
