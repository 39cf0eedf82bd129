import type { PolicyScope } from '../../../config/device-policies.ts';
import { type DevicePolicy, OPEN_DEVICE_POLICY } from '../../../config/device-policy.ts';
import { isGatewayError } from '../../../domain/errors.ts';
import { html, type Part } from '../html.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { actionButton, choice, field, guarded, hidden, search } from '../parts/forms.ts';
import { scopeLink, scopeOf, scopePath, scopeWords } from '../parts/policy-scope.ts';
import { requireSeen, seenMark } from '../parts/seen.ts';
import { table } from '../parts/table.ts';
import { counted, section } from '../parts/texts.ts';
import { policyFacts, policyForm, policyOf } from './policy-form.ts';

const ORDER =
  'Of several policies the most specific one is in force, as a whole: of the device, its user, a group, the domain, everybody.';

/** What is asked of devices, by scope. */
export const POLICIES_PAGE: Page = {
  path: '/admin/policies',
  needs: 'policyList',
  menu: { group: 'Devices', label: 'Policies' },
  async show(visit) {
    const scope = scopeOf(visit.query);
    return scope === null ? showList(visit) : showOne(visit, scope);
  },
  actions: {
    async set(visit, sent) {
      const scope = scopeOf(visit.query) ?? { kind: 'everybody' };
      const { policy } = await ownPolicy(visit, scope);
      requireSeen(policy, sent.text('seen'), 'The settings');
      const { changed } = await visit.calls.policySet({ scope, policy: policyOf(sent) });
      return done(
        `The policy is in force. ${counted(changed, 'device has', 'devices have')} to fetch it.`,
        scopePath(scope),
      );
    },
    async remove(visit) {
      const scope = scopeOf(visit.query) ?? { kind: 'everybody' };
      const { changed } = await visit.calls.policySet({ scope, policy: null });
      return done(`The policy is gone. For ${counted(changed, 'device')} another one holds now.`, '/admin/policies');
    },
  },
};

async function showList(visit: Visit) {
  const { policies, problems } = await visit.calls.policyList({});
  const list = table(
    'Policies',
    [
      { label: 'For', cell: ({ scope }) => scopeLink(scope) },
      { label: 'Asks for', cell: ({ policy }) => counted(Object.keys(policy.settings).length, 'setting') },
      { label: 'Without it', cell: ({ policy }) => (policy.required ? 'no device comes in' : 'devices come in, too') },
    ],
    policies,
  );
  return page(
    'Policies',
    html`${problems.length > 0 && html`<p class="box problem">Not all that is kept is a policy: ${problems.join('; ')}.</p>`}
<p>${ORDER}</p>${section('Policies there are', list)}${visit.can('policySet') && section('A policy for somebody', scopeForm(visit))}`,
  );
}

function scopeForm(visit: Visit): Part {
  return search(visit, (own) => [
    choice(
      own,
      'kind',
      'For',
      [
        ['domain', 'a domain'],
        ['group', 'a group'],
        ['user', 'a user'],
        ['device', 'a device'],
      ],
      'domain',
    ),
    field(own, 'name', 'Domain or group'),
    field(own, 'address', 'User'),
    field(own, 'device', 'Id of a device'),
    html`<button>Open</button>`,
  ]);
}

/** The scope's own policy; what everybody's would be a start from, where it has none. */
async function ownPolicy(
  visit: Visit,
  scope: PolicyScope,
): Promise<{ readonly policy: DevicePolicy; readonly isOwn: boolean }> {
  try {
    return { policy: (await visit.calls.policyShow({ scope })).policy, isOwn: true };
  } catch (error) {
    if (!isGatewayError(error, 'item-not-found')) throw error;
    const { policies } = await visit.calls.policyList({});
    return {
      policy: policies.find((entry) => entry.scope.kind === 'everybody')?.policy ?? OPEN_DEVICE_POLICY,
      isOwn: false,
    };
  }
}

async function showOne(visit: Visit, scope: PolicyScope) {
  const { policy, isOwn } = await ownPolicy(visit, scope);
  const isEverybody = scope.kind === 'everybody';
  const none =
    !isOwn && html`<p class="box">There is no policy of its own yet. Below stands everybody’s, to begin with.</p>`;
  const mayChange = visit.can('policySet');
  const remove =
    isOwn &&
    !isEverybody &&
    guarded('Remove this policy', actionButton(visit, 'remove', 'Remove', {}, { kind: 'danger' }));
  return page(
    `Policy: ${scopeWords(scope)}`,
    html`<p><a href="/admin/policies">All policies</a></p><p>${ORDER}</p>${none}${
      mayChange ? policyForm(visit, policy, hidden('seen', seenMark(policy))) : policyFacts(policy)
    }${mayChange && html`<div class="buttons">${remove}</div>`}`,
  );
}
