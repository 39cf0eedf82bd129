import { html, type Part } from '../html.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { actionButton, area, button, field, form, guarded, hidden } from '../parts/forms.ts';
import { entriesOf, requireNew } from '../parts/named-sets.ts';
import { requireSeen, seenMark } from '../parts/seen.ts';
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
      html`<p>Named sets of users, which access rules and policies can be about.</p>${none}${groups.map(([name, users], at) => groupSection(visit, name, users, at))}${addSection(visit)}`,
    );
  },
  actions: {
    async add(visit, sent) {
      const name = sent.text('name');
      const users = entriesOf(sent.text('users'));
      requireNew(Object.keys(await visit.calls.groupList({})), name, users, 'group');
      return set(visit, name, users);
    },
    async set(visit, sent) {
      const name = sent.text('name');
      const { [name]: present = null } = await visit.calls.groupList({});
      requireSeen(present, sent.text('seen'), `The users of the group ${name}`);
      return set(visit, name, entriesOf(sent.text('users')));
    },
  },
};

async function set(visit: Visit, name: string, users: readonly string[]) {
  const changed = await visit.calls.groupSet({ name, users });
  const what = users.length === 0 ? 'is gone' : `has ${counted(users.length, 'user')}`;
  return done(`The group ${name} ${what}. For ${counted(changed, 'device')} something else holds now.`);
}

function groupSection(visit: Visit, name: string, users: readonly string[], at: number): Part {
  if (!visit.can('groupSet')) return section(name, html`<ul>${users.map((user) => html`<li>${user}</li>`)}</ul>`);
  const seen = seenMark(users);
  const remove = actionButton(
    visit,
    'set',
    'Remove the group',
    { name, users: '', seen },
    { about: name, kind: 'danger' },
  );
  return section(name, [
    form(
      visit,
      'set',
      (own) => [
        hidden('seen', seen),
        area(own, 'users', 'Users', {
          ...{ value: users.join('\n'), rows: Math.min(12, users.length + 1) },
          // Not by its name: names of other alphabets have nothing that an id may have.
          id: `users-${at}`,
        }),
        button('Save', '', name),
      ],
      { fields: { name } },
    ),
    html`<div class="buttons">${guarded(`Remove ${name}`, remove)}</div>`,
  ]);
}

function addSection(visit: Visit): Part {
  if (!visit.can('groupSet')) return null;
  return section(
    'A new group',
    form(visit, 'add', (own) => [
      field(own, 'name', 'Name', { isRequired: true }),
      area(own, 'users', 'Users', { hint: 'Addresses, one on each line.' }),
      button('Add', 'primary'),
    ]),
  );
}
