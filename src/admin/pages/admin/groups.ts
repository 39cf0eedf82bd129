import { html, type Part } from '../html.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { actionButton, area, button, field, form, guarded, hidden } from '../parts/forms.ts';
import { counted, section } from '../parts/texts.ts';

/** Named sets of users, for rules and policies. */
export const GROUPS_PAGE: Page = {
  path: '/admin/groups',
  needs: 'groupList',
  menu: { group: 'People', label: 'Groups' },
  async show(visit) {
    const groups = Object.entries(await visit.calls.groupList({}));
    const none = groups.length === 0 && html`<p class="empty">There are no groups yet.</p>`;
    return page(
      'Groups',
      html`<p>Named sets of users, which access rules and policies can be about.</p>${none}${groups.map(([name, users]) => groupSection(visit, name, users))}${addSection(visit)}`,
    );
  },
  actions: {
    async set(visit, sent) {
      const users = sent
        .text('users')
        .split(/[\s,;]+/)
        .filter((user) => user !== '');
      const changed = await visit.calls.groupSet({ name: sent.text('name'), users });
      const what = users.length === 0 ? 'is gone' : `has ${counted(users.length, 'user')}`;
      return done(
        `The group ${sent.text('name')} ${what}. For ${counted(changed, 'device')} something else holds now.`,
      );
    },
  },
};

function groupSection(visit: Visit, name: string, users: readonly string[]): Part {
  const id = `users-${name.replace(/\W/g, '-')}`;
  if (!visit.can('groupSet')) return section(name, html`<ul>${users.map((user) => html`<li>${user}</li>`)}</ul>`);
  return section(name, [
    form(visit, 'set', [
      hidden('name', name),
      area({ ...visit, sent: null }, 'users', 'Users', {
        value: users.join('\n'),
        rows: Math.min(12, users.length + 1),
        id,
      }),
      button('Save'),
    ]),
    html`<div class="buttons">${guarded(`Remove ${name}`, actionButton(visit, 'set', 'Remove the group', { name, users: '' }, { kind: 'danger' }))}</div>`,
  ]);
}

function addSection(visit: Visit): Part {
  if (!visit.can('groupSet')) return null;
  return section(
    'A new group',
    form(visit, 'set', [
      field(visit, 'name', 'Name', { isRequired: true }),
      area(visit, 'users', 'Users', { hint: 'Addresses, one on each line.' }),
      button('Add', 'primary'),
    ]),
  );
}
