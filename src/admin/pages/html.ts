/** Text that is HTML already. Only `html` makes it, so everything else is escaped where it is put in. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: nothing for null, undefined and false; lists one after the other. */
export type Part = Html | string | number | null | undefined | false | readonly Part[];

/** Makes text safe between tags and in quoted attributes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function textOf(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  return part ? part.map(textOf).join('') : '';
}

/**
 * A template of HTML: html`<p title="${name}">${name}</p>`. What is put in is escaped for text and for attributes in double
 * quotes; an attribute without quotes, a tag's name, a script or a style is no place for a part.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0]!;
  for (const [at, part] of parts.entries()) text += textOf(part) + strings[at + 1]!;
  return new Html(text);
}

/** The parts with something between them. */
export function joined(parts: readonly Part[], between: Part): Part[] {
  return parts.flatMap((part, at) => (at === 0 ? [part] : [between, part]));
}

export const NOTHING = html``;
