import type { AddressGroup } from '../../calls/services.ts';
import { html, joined, type Part } from '../html.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { actionButton, area, button, field, form, guarded, hidden } from '../parts/forms.ts';
import { entriesOf, requireNew } from '../parts/named-sets.ts';
import { requireSeen, seenMark } from '../parts/seen.ts';
import { SERVICE_WORDS } from '../parts/service-words.ts';
import { counted, section } from '../parts/texts.ts';

/** Named sets of addresses, to which services are limited. */
export const ADDRESS_GROUPS_PAGE: Page = {
  path: '/admin/address-groups',
  needs: 'addressGroupList',
  menu: { group: 'Server', label: 'Address groups' },
  async show(visit) {
    const groups = await visit.calls.addressGroupList({});
    const none = groups.length === 0 && html`<p class="empty">There are no address groups yet.</p>`;
    return page(
      'Address groups',
      html`<p>Named sets of addresses. A <a href="/admin/services">service</a> can be limited to one of them.</p>${none}${groups.map((group, at) => groupSection(visit, group, at))}${addSection(visit)}`,
    );
  },
  actions: {
    async add(visit, sent) {
      const name = sent.text('name');
      const ranges = entriesOf(sent.text('ranges'));
      requireNew(
        (await visit.calls.addressGroupList({})).map((group) => group.name),
        name,
        ranges,
        'address group',
      );
      return set(visit, name, ranges);
    },
    async set(visit, sent) {
      const name = sent.text('name');
      const groups = await visit.calls.addressGroupList({});
      const present = groups.find((group) => group.name === name)?.ranges ?? null;
      requireSeen(present, sent.text('seen'), `The ranges of the address group ${name}`);
      return set(visit, name, entriesOf(sent.text('ranges')));
    },
  },
};

async function set(visit: Visit, name: string, given: readonly string[]) {
  const { group, warnings } = await visit.calls.addressGroupSet({ name, ranges: given });
  const what = group.ranges.length === 0 ? 'is gone' : `has ${counted(group.ranges.length, 'range')}`;
  return done([`The address group ${name} ${what}.`, ...warnings].join(' '));
}

function groupSection(visit: Visit, { name, ranges, usedBy }: AddressGroup, at: number): Part {
  const services = joined(
    usedBy.map((service) => SERVICE_WORDS[service]),
    '; ',
  );
  const used =
    usedBy.length === 0
      ? html`<p class="muted">No service is limited to it.</p>`
      : html`<p>Limited to it: ${services}.</p>`;
  if (!visit.can('addressGroupSet'))
    return section(name, [used, html`<ul class="mono">${ranges.map((range) => html`<li>${range}</li>`)}</ul>`]);
  const seen = seenMark(ranges);
  const remove = actionButton(
    visit,
    'set',
    'Remove the group',
    { name, ranges: '', seen },
    { about: name, kind: 'danger' },
  );
  return section(name, [
    used,
    form(
      visit,
      'set',
      (own) => [
        hidden('seen', seen),
        area(own, 'ranges', 'Addresses and ranges', {
          ...{ value: ranges.join('\n'), rows: Math.min(12, ranges.length + 1), id: `ranges-${at}` },
        }),
        button('Save', '', name),
      ],
      { fields: { name } },
    ),
    usedBy.length === 0 && html`<div class="buttons">${guarded(`Remove ${name}`, remove)}</div>`,
  ]);
}

function addSection(visit: Visit): Part {
  if (!visit.can('addressGroupSet')) return null;
  return section(
    'A new address group',
    form(visit, 'add', (own) => [
      field(own, 'name', 'Name', { isRequired: true }),
      area(own, 'ranges', 'Addresses and ranges', {
        hint: 'One on each line: 192.0.2.7, 10.0.0.0/8, 2001:db8::/32.',
      }),
      button('Add', 'primary'),
    ]),
  );
}
