import { type Html, html, type Part } from '../html.ts';
import type { Visit } from '../page.ts';

/** A form that asks the page's action `does`. */
export function form(
  visit: Visit,
  does: string,
  contents: Part,
  kind: 'stack' | 'row' | 'inline' | 'wide' = 'stack',
): Html {
  return html`<form method="post" action="${visit.here}" class="${kind}"><input type="hidden" name="token" value="${visit.token}"><input type="hidden" name="do" value="${does}">${contents}</form>`;
}

/** A form that only looks for something: its fields become the page's query. */
export function search(visit: Visit, contents: Part, live?: string): Html {
  const path = visit.here.split('?')[0]!;
  // What comes back is the same page; of it the part with the results is shown, and the address is kept for a reload.
  const htmx =
    live !== undefined &&
    html` hx-get="${path}" hx-trigger="input delay:250ms, submit" hx-target="#${live}" hx-select="#${live}" hx-swap="outerHTML" hx-replace-url="true"`;
  return html`<form method="get" action="${path}" class="row" role="search"${htmx}>${contents}</form>`;
}

export function hidden(name: string, value: string | number): Html {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}

export type ButtonKind = 'primary' | 'danger' | 'quiet' | '';

export function button(label: string, kind: ButtonKind = '', about = ''): Html {
  return html`<button class="${kind}"${about !== '' && html` aria-label="${`${label}: ${about}`}"`}>${label}</button>`;
}

/** A form of one button: for lists, `about` tells which row is meant. */
export function actionButton(
  visit: Visit,
  does: string,
  label: string,
  fields: Readonly<Record<string, string | number>>,
  { kind = '', about = '' }: { readonly kind?: ButtonKind; readonly about?: string } = {},
): Html {
  const values = Object.entries(fields).map(([name, value]) => hidden(name, value));
  return form(visit, does, [values, button(label, kind, about)], 'inline');
}

/** What cannot be undone, or is long, is one step further away: opened first, then done. Open where it was refused just now. */
export function guarded(label: string, contents: Part, isOpen = false): Html {
  return html`<details class="guarded"${isOpen && html` open`}><summary>${label}</summary><div>${contents}</div></details>`;
}

export interface FieldOptions {
  readonly value?: string | number | null;
  readonly type?: 'text' | 'number' | 'password' | 'search' | 'email';
  readonly hint?: Part;
  readonly isRequired?: boolean;
  readonly placeholder?: string;
  readonly autocomplete?: string;
  readonly min?: number;
  readonly max?: number;
  /** Where several forms of a page have fields of the same name. */
  readonly id?: string;
  readonly accesskey?: string;
}

/** A labelled field of one line. */
export function field(visit: Visit, name: string, label: string, options: FieldOptions = {}): Html {
  const { type = 'text', hint, isRequired = false, placeholder, min, max } = options;
  const id = options.id ?? `f-${name}`;
  const sent = type === 'password' ? undefined : visit.sent?.text(name);
  return html`<div class="field"><label for="${id}">${label}</label><input id="${id}" name="${name}" type="${type}" value="${sent || options.value}"${isRequired && html` required`}${placeholder !== undefined && html` placeholder="${placeholder}"`}${min !== undefined && html` min="${min}"`}${max !== undefined && html` max="${max}"`} autocomplete="${options.autocomplete ?? 'off'}"${type === 'text' && html` spellcheck="false"`}${options.accesskey !== undefined && html` accesskey="${options.accesskey}"`}${hintOf(id, hint)}</div>`;
}

/** Closes the tag, and says what stands below the field. */
function hintOf(id: string, hint: Part): Part {
  if (hint === undefined || hint === null || hint === false || hint === '') return html`>`;
  return html` aria-describedby="${id}-hint"><span class="hint" id="${id}-hint">${hint}</span>`;
}

export function area(
  visit: Visit,
  name: string,
  label: string,
  {
    value = '',
    rows = 4,
    hint,
    id = `f-${name}`,
  }: { readonly value?: string; readonly rows?: number; readonly hint?: Part; readonly id?: string },
): Html {
  const below = hint !== undefined && html`<span class="hint" id="${id}-hint">${hint}</span>`;
  return html`<div class="field"><label for="${id}">${label}</label><textarea id="${id}" name="${name}" rows="${rows}" spellcheck="false"${hint !== undefined && html` aria-describedby="${id}-hint"`}>
${visit.sent?.text(name) ?? value}</textarea>${below}</div>`;
}

export function choice(
  name: string,
  label: string,
  options: readonly (readonly [value: string, label: string])[],
  chosen: string,
  { id = `f-${name}`, hint }: { readonly id?: string; readonly hint?: Part } = {},
): Html {
  const entries = options.map(
    ([value, text]) => html`<option value="${value}"${value === chosen && html` selected`}>${text}</option>`,
  );
  return html`<div class="field"><label for="${id}">${label}</label><select id="${id}" name="${name}"${hint !== undefined && html` aria-describedby="${id}-hint"`}>${entries}</select>${hint !== undefined && html`<span class="hint" id="${id}-hint">${hint}</span>`}</div>`;
}

export function check(name: string, label: Part, isOn: boolean, value = 'on', id = `f-${name}-${value}`): Html {
  return html`<div class="check"><input type="checkbox" id="${id}" name="${name}" value="${value}"${isOn && html` checked`}><label for="${id}">${label}</label></div>`;
}
