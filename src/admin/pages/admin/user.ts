import { bytesText } from '../../../config/byte-sizes.ts';
import { ADMIN_SCOPES, isAdminScope } from '../../../domain/admin-role.ts';
import { DEVICE_CONFLICT_RULES } from '../../../store/device-store.ts';
import type { UserDetails } from '../../calls/users.ts';
import { html, type Part } from '../html.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { appPasswordSection, newPasswordOf, shownOnce } from '../parts/app-passwords.ts';
import { button, check, choice, field, form, guarded, wasRefused } from '../parts/forms.ts';
import { requireTyped } from '../parts/require-typed.ts';
import { counted, facts, section, when } from '../parts/texts.ts';
import { SCOPE_WORDS } from '../parts/user-parts.ts';
import { CONFLICT_RULE_WORDS } from '../parts/words.ts';
import { deviceTable } from './devices.ts';
import { ownQuotaOf, quotaSection } from './user-quota.ts';
import { USER_PATH } from './users.ts';

/** More devices than this are found in the register. */
const MOST_DEVICES = 100;

/** One user: facts, devices, and what can be done. */
export const USER_PAGE: Page = {
  path: USER_PATH,
  needs: 'userShow',
  async show(visit) {
    const { address = '' } = visit.params;
    const user = await visit.calls.userShow({ address });
    const query = { address, text: null, domain: null, protocol: null, access: null, order: 'contact' } as const;
    const { devices, next } = await visit.calls.deviceList({ ...query, after: null, limit: MOST_DEVICES });
    const more =
      next !== null && html`<p><a href="/admin/devices?text=${encodeURIComponent(address)}">All devices</a></p>`;
    return page(
      user.displayName === null ? user.address : `${user.displayName} (${user.address})`,
      html`${section('About', factsOf(visit, user))}${section('Devices', [
        deviceTable(visit, devices, 'No device of this user has come yet.', 'owner'),
        more,
      ])}<div class="grid">${passwordSection(visit)}${await ruleSection(visit, user)}${await quotaSection(visit, user.address)}${roleSection(visit, user)}</div>${await appPasswords(visit)}${removeSection(visit, user)}`,
    );
  },
  actions: {
    async password(visit, sent) {
      await visit.calls.userPasswd({ address: addressOf(visit), password: sent.secret('password') });
      return done(
        'The password is set. Programs with the old one will ask for it; whoever was signed in is signed out.',
      );
    },
    async role(visit, sent) {
      const scopes = sent.all('scope').filter(isAdminScope);
      const role = scopes.length === 0 ? null : { scopes, domain: sent.optional('domain') };
      await visit.calls.userRoleSet({ address: addressOf(visit), role });
      return done(role === null ? 'The role is taken away.' : 'The role is set.');
    },
    async rule(visit, sent) {
      const address = addressOf(visit);
      await visit.calls.conflictRuleSet({ domain: null, address, device: null, rule: sent.optional('rule') });
      return done('The conflict rule of this user is set.');
    },
    async quota(visit, sent) {
      await visit.calls.userQuotaSet({ address: addressOf(visit), ...ownQuotaOf(sent) });
      return done('The quota is in force.');
    },
    async 'add-password'(visit, sent) {
      const made = await visit.calls.appPasswordAdd({ address: addressOf(visit), ...newPasswordOf(visit, sent) });
      return page('A new app password', shownOnce(made, visit.here));
    },
    async revoke(visit, sent) {
      const count = await visit.calls.appPasswordRevoke({ address: addressOf(visit), id: sent.text('id') });
      return done(`${counted(count, 'app password is', 'app passwords are')} revoked; its device is signed out.`);
    },
    async remove(visit, sent) {
      const address = addressOf(visit);
      requireTyped(sent.text('confirm'), address, 'the address');
      await visit.calls.userRemove({ address });
      return done(`${address} and the mailbox are gone.`, '/admin/users');
    },
  },
};

function addressOf(visit: Visit): string {
  return visit.params.address ?? '';
}

function factsOf(visit: Visit, user: UserDetails): Part {
  const of = (limit: string | null) => (limit === null ? '' : ` of ${limit}`);
  return facts([
    ['Address', user.address],
    ['Name', user.displayName],
    ['Since', when(user.createdAt, visit.now)],
    ['Role', user.role !== null && `${user.role.scopes.join(', ')} on ${user.role.domain ?? 'the whole server'}`],
    ['Groups', user.groups.join(', ')],
    ['Used', `${bytesText(user.usedBytes)}${of(user.quotaBytes === null ? null : bytesText(user.quotaBytes))}`],
    [
      'Items',
      `${user.items}${of(user.quotaItems === null ? null : String(user.quotaItems))} in ${user.folders} folders`,
    ],
    ['See also', links(visit, user.address)],
  ]);
}

function links(visit: Visit, address: string): Part {
  const to = encodeURIComponent(address);
  const all: readonly (readonly ['conflictList' | 'quarantineList' | 'outboxList', string, string])[] = [
    ['conflictList', 'conflicts', 'conflicts'],
    ['quarantineList', 'quarantine', 'quarantine'],
    ['outboxList', 'outbox', 'outbox'],
  ];
  return all
    .filter(([call]) => visit.can(call))
    .map(([, path, label]) => html`<a href="/admin/${path}?address=${to}">${label}</a> `);
}

async function appPasswords(visit: Visit): Promise<Part> {
  if (!visit.can('appPasswordList')) return null;
  const entries = await visit.calls.appPasswordList({ address: addressOf(visit) });
  return appPasswordSection(visit, entries, {
    add: visit.can('appPasswordAdd'),
    revoke: visit.can('appPasswordRevoke'),
  });
}

function passwordSection(visit: Visit): Part {
  if (!visit.can('userPasswd')) return null;
  return section(
    'Password',
    form(visit, 'password', (own) => [
      field(own, 'password', 'New password', { type: 'password', isRequired: true, autocomplete: 'new-password' }),
      button('Set the password'),
    ]),
  );
}

async function ruleSection(visit: Visit, { address }: UserDetails): Promise<Part> {
  if (!visit.can('conflictRuleSet') || !visit.can('conflictRuleList')) return null;
  const rules = await visit.calls.conflictRuleList({});
  const present = rules.find((entry) => entry.address === address)?.rule ?? '';
  const options = DEVICE_CONFLICT_RULES.map((rule): [string, string] => [rule, CONFLICT_RULE_WORDS[rule]]);
  return section(
    'Conflicts',
    form(visit, 'rule', (own) => [
      choice(
        own,
        'rule',
        'When a device and somebody else change the same item',
        [['', 'As for the domain'], ...options],
        present,
      ),
      button('Set the rule'),
    ]),
  );
}

function roleSection(visit: Visit, { role }: UserDetails): Part {
  if (!visit.can('userRoleSet')) return null;
  const scopes = (own: Visit) =>
    ADMIN_SCOPES.map((scope) => {
      const isOn = role?.scopes.includes(scope) ?? false;
      return check(own, 'scope', html`<b>${scope}</b>: ${SCOPE_WORDS[scope]}`, isOn, { value: scope });
    });
  return section(
    'Role',
    form(visit, 'role', (own) => [
      html`<fieldset><legend>May</legend>${scopes(own)}</fieldset>`,
      field(own, 'domain', 'Only in the domain', {
        value: role?.domain ?? visit.authority.domain,
        hint: 'Empty: on the whole server. Without any tick there is no role.',
      }),
      button('Set the role'),
    ]),
  );
}

function removeSection(visit: Visit, { address }: UserDetails): Part {
  if (!visit.can('userRemove')) return null;
  return section('Remove', [
    html`<p>Removes the user and the mailbox with everything in it. There is no way back.</p>`,
    guarded(
      'Remove this user',
      form(visit, 'remove', (own) => [
        field(own, 'confirm', `Type ${address} to confirm`, { isRequired: true }),
        button('Remove user and mailbox', 'danger'),
      ]),
      wasRefused(visit, 'remove'),
    ),
  ]);
}
