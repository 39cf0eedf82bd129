import { type Html, html } from '../html.ts';
import type { Visit } from '../page.ts';
import { search } from './forms.ts';

/** Asks whose things a page shows. */
export function userChoice(visit: Visit, address: string, label = 'User'): Html {
  return search(visit, [
    html`<div class="field address"><label for="f-address">${label}</label><input id="f-address" name="address" type="text" inputmode="email" value="${address}" accesskey="s" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="ana@example.com"></div>`,
    html`<button>Show</button>`,
  ]);
}
