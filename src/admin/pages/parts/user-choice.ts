import { type Html, html } from '../html.ts';
import type { Visit } from '../page.ts';
import { field, search } from './forms.ts';

/** Asks whose things a page shows. */
export function userChoice(visit: Visit, address: string, label = 'User'): Html {
  return search(visit, [
    field(visit, 'address', label, { value: address, placeholder: 'ana@example.com', accesskey: 's' }),
    html`<button>Show</button>`,
  ]);
}
