import { done, type Page, page } from '../page.ts';
import { appPasswordSection, newPasswordOf, shownOnce } from '../parts/app-passwords.ts';
import { counted } from '../parts/texts.ts';

/** Somebody's own passwords for single devices. */
export const MY_APP_PASSWORDS_PAGE: Page = {
  path: '/me/app-passwords',
  needs: null,
  menu: { group: 'Mine', label: 'App passwords' },
  async show(visit) {
    const entries = await visit.self.appPasswordList({});
    return page('App passwords', appPasswordSection(visit, entries, { add: true, revoke: true }));
  },
  actions: {
    async 'add-password'(visit, sent) {
      const made = await visit.self.appPasswordAdd(newPasswordOf(visit, sent));
      return page('A new app password', shownOnce(made, visit.here));
    },
    async revoke(visit, sent) {
      const count = await visit.self.appPasswordRevoke({ id: sent.text('id') });
      return done(`${counted(count, 'app password is', 'app passwords are')} revoked; its device is signed out.`);
    },
  },
};
