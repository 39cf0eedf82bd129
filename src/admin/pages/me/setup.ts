import { programSetups } from '../../program-setup.ts';
import { html } from '../html.ts';
import { type Page, page } from '../page.ts';
import { programs } from '../parts/app-passwords.ts';

/** What to type into which program, with the account's own password. */
export const MY_SETUP_PAGE: Page = {
  path: '/me/setup',
  needs: null,
  menu: { group: 'Mine', label: 'Set up a program' },
  async show({ authority, origin }) {
    const facts = { server: origin, userName: authority.address, password: null, protocols: null };
    const isOpen = origin.startsWith('http:');
    return page(
      'Set up a program',
      html`<p>Type this into the program, with your password, or better with an <a href="/me/app-passwords">app password</a> made for it: that one can be ended alone when the device is lost.</p>${
        isOpen &&
        html`<p class="box warning">This connection is not encrypted: others on the way can read the password.</p>`
      }${programs({ programs: programSetups(facts) })}`,
    );
  },
};
