import { type Html, html, type Part } from '../html.ts';
import type { Visit } from '../page.ts';

export interface FormOptions {
  readonly kind?: 'stack' | 'row' | 'inline' | 'wide';
  /** Sent with it unseen. They tell forms of one action apart, e.g. whose settings they are. */
  readonly fields?: Readonly<Record<string, string | number>>;
}

/**
 * A form that asks the page's action `does`. Its fields are made for the visit that `contents` is given: what was refused is
 * shown again in the form it was sent with, and in no other of the page.
 */
export function form(
  visit: Visit,
  does: string,
  contents: Part | ((own: Visit) => Part),
  { kind = 'stack', fields = {} }: FormOptions = {},
): Html {
  const unseen = Object.entries(fields).map(([name, value]) => hidden(name, value));
  const own = wasRefused(visit, does, fields) ? visit : unsent(visit);
  return html`<form method="post" action="${visit.here}" class="${kind}"><input type="hidden" name="token" value="${visit.token}"><input type="hidden" name="do" value="${does}">${unseen}${typeof contents === 'function' ? contents(own) : contents}</form>`;
}

/** Whether this form was sent and refused just now. */
export function wasRefused({ sent }: Visit, does: string, fields: FormOptions['fields'] = {}): boolean {
  if (sent === null || sent.text('do') !== does) return false;
  return Object.entries(fields).every(([name, value]) => sent.text(name) === String(value));
}

/** The visit for what shows things as they are. */
export function unsent(visit: Visit): Visit {
  return { ...visit, sent: null };
}

/** A form that only looks for something: its fields become the page's query. What other forms sent is none of it. */
export function search(visit: Visit, contents: Part | ((own: Visit) => Part), live?: string): Html {
  const path = visit.here.split('?')[0]!;
  // What comes back is the same page; of it the part with the results is shown, and the address is kept for a reload.
  const htmx =
    live !== undefined &&
    html` hx-get="${path}" hx-trigger="input delay:250ms, submit" hx-target="#${live}" hx-select="#${live}" hx-swap="outerHTML" hx-replace-url="true"`;
  return html`<form method="get" action="${path}" class="row" role="search"${htmx}>${typeof contents === 'function' ? contents(unsent(visit)) : contents}</form>`;
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
  return form(visit, does, button(label, kind, about), { kind: 'inline', fields });
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
  return html`<div class="field"><label for="${id}">${label}</label><input id="${id}" name="${name}" type="${type}" value="${sent ?? options.value}"${isRequired && html` required`}${placeholder !== undefined && html` placeholder="${placeholder}"`}${min !== undefined && html` min="${min}"`}${max !== undefined && html` max="${max}"`} autocomplete="${options.autocomplete ?? 'off'}"${type === 'text' && html` spellcheck="false"`}${options.accesskey !== undefined && html` accesskey="${options.accesskey}"`}${hintOf(id, hint)}</div>`;
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
  visit: Visit,
  name: string,
  label: string,
  options: readonly (readonly [value: string, label: string])[],
  chosen: string,
  { id = `f-${name}`, hint }: { readonly id?: string; readonly hint?: Part } = {},
): Html {
  const present = visit.sent?.text(name) ?? chosen;
  const entries = options.map(
    ([value, text]) => html`<option value="${value}"${value === present && html` selected`}>${text}</option>`,
  );
  return html`<div class="field"><label for="${id}">${label}</label><select id="${id}" name="${name}"${hint !== undefined && html` aria-describedby="${id}-hint"`}>${entries}</select>${hint !== undefined && html`<span class="hint" id="${id}-hint">${hint}</span>`}</div>`;
}

export interface CheckOptions {
  readonly kind?: 'checkbox' | 'radio';
  readonly value?: string;
  readonly id?: string;
}

export function check(visit: Visit, name: string, label: Part, isOn: boolean, options: CheckOptions = {}): Html {
  const { kind = 'checkbox', value = 'on' } = options;
  const id = options.id ?? `f-${name}-${value}`;
  const isChecked = visit.sent?.all(name).includes(value) ?? isOn;
  return html`<div class="check"><input type="${kind}" id="${id}" name="${name}" value="${value}"${isChecked && html` checked`}><label for="${id}">${label}</label></div>`;
}
