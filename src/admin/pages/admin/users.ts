import type { UserSummary } from '../../calls/users.ts';
import { isUserFound } from '../../user-search.ts';
import { html, type Part } from '../html.ts';
import { pathTo } from '../match-page.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { button, field, form, guarded, search, wasRefused } from '../parts/forms.ts';
import { pager } from '../parts/live-region.ts';
import { table } from '../parts/table.ts';
import { momentText, when } from '../parts/texts.ts';
import { roleBadge, userLink } from '../parts/user-parts.ts';

export const USER_PATH = '/admin/users/:address';

const PER_PAGE = 100;

/** The people of the server. */
export const USERS_PAGE: Page = {
  path: '/admin/users',
  needs: 'userList',
  menu: { group: 'People', label: 'Users' },
  async show(visit) {
    const wanted = (visit.query.get('text') ?? '').trim();
    const after = visit.query.get('after') ?? '';
    const users = (await visit.calls.userList())
      .filter((user) => isUserFound(user, wanted))
      .filter(({ address }) => address > after)
      .toSorted((a, b) => (a.address < b.address ? -1 : 1));
    const shown = users.slice(0, PER_PAGE);
    const next = users.length > PER_PAGE ? shown.at(-1)!.address : null;
    return page(
      'Users',
      html`${search(
        visit,
        [
          html`<div class="field wide"><label for="f-text">Search</label><input id="f-text" name="text" type="search" value="${wanted}" accesskey="s" autocomplete="off" placeholder="address or name"></div>`,
          html`<button>Search</button>`,
        ],
        'results',
      )}<section id="results" aria-label="Users found" aria-live="polite">${userTable(visit, shown)}${pager(visit, next)}</section>${addForm(visit)}${unlockForm(visit)}`,
    );
  },
  actions: {
    async add(visit, sent) {
      const address = sent.text('address');
      const user = { address, password: sent.secret('password'), isAdmin: false, displayName: sent.optional('name') };
      const added = await visit.calls.userAdd(user);
      return done(`${added.address} is here now, with a mailbox.`, pathTo(USER_PATH, added.address));
    },
    async unlock(visit) {
      await visit.calls.unlockAll();
      return done('Nobody is locked out any more.');
    },
  },
};

function userTable(visit: Visit, users: readonly UserSummary[]): Part {
  return table(
    'Users',
    [
      { label: 'Address', cell: ({ address }) => userLink(address) },
      { label: 'Name', cell: ({ displayName }) => displayName ?? html`<span class="muted">–</span>` },
      { label: 'Role', cell: ({ role }) => roleBadge(role) },
      {
        label: 'Since',
        cell: ({ createdAt }) => html`<span title="${momentText(createdAt)}">${when(createdAt, visit.now)}</span>`,
      },
    ],
    users,
    'Nobody fits.',
  );
}

function addForm(visit: Visit): Part {
  if (!visit.can('userAdd')) return null;
  const fields = (own: Visit) => [
    field(own, 'address', 'Address', { isRequired: true, type: 'email', placeholder: 'ana@example.com' }),
    field(own, 'name', 'Name', { hint: 'As others see it; may be empty.' }),
    field(own, 'password', 'Password', { isRequired: true, type: 'password', autocomplete: 'new-password' }),
    button('Add', 'primary'),
  ];
  return html`<div class="buttons">${guarded('Add a user', form(visit, 'add', fields), wasRefused(visit, 'add'))}</div>`;
}

function unlockForm(visit: Visit): Part {
  if (!visit.can('unlockAll')) return null;
  const text = html`<p>Whoever typed a wrong password too often waits. This ends all waiting at once.</p>`;
  return html`<div class="buttons">${guarded('End all lockouts', form(visit, 'unlock', [text, button('End them')]))}</div>`;
}
