import type { Component, ContentLine } from '../../../../src/formats/content-line/content-line.ts';
import { replaceChild, withProperty } from '../../../../src/formats/content-line/edit.ts';
import { makeLine } from '../../../../src/formats/content-line/line.ts';
import { parameterOf, propertiesOf } from '../../../../src/formats/content-line/lookup.ts';
import { escapeText, unescapeText } from '../../../../src/formats/content-line/text.ts';
import { bodyBinding } from '../body/body-binding.ts';
import { propertyText, withText } from './text-binding.ts';

/**
 * Body as DESCRIPTION, its HTML as X-ALT-DESC (what Outlook writes beside it). A new plain text removes the HTML, which
 * would say something else.
 */
export const NOTE_BINDING = bodyBinding<Component>({
  read: (component) => {
    const html = htmlLine(component);
    return {
      plain: propertyText(component, 'DESCRIPTION') ?? '',
      html: html === null ? null : unescapeText(html.value),
    };
  },
  write: (component, { plain, html }) => {
    const old = htmlLine(component);
    const text = withText(component, 'DESCRIPTION', plain === '' ? null : plain);
    if (html === null) return old === null ? text : replaceChild(text, old, null);
    const line = makeLine({
      name: 'X-ALT-DESC',
      parameters: [{ name: 'FMTTYPE', values: ['text/html'] }],
      value: escapeText(html),
    });
    return old === null ? withProperty(text, line) : replaceChild(text, old, line);
  },
});

function htmlLine(component: Component): ContentLine | null {
  const lines = propertiesOf(component, 'X-ALT-DESC');
  return lines.find((line) => parameterOf(line, 'FMTTYPE')?.toLowerCase() === 'text/html' && line.value !== '') ?? null;
}
