import type { DeviceAccessRules } from '../../../config/device-access.ts';
import { html, type Part } from '../html.ts';
import type { Form } from '../http/form.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { actionButton, button, choice, field, form, hidden } from '../parts/forms.ts';
import { matchWords } from '../parts/match.ts';
import { requireSeen, seenMark } from '../parts/seen.ts';
import { table } from '../parts/table.ts';
import { badge, counted, section } from '../parts/texts.ts';
import {
  choiceOf,
  ruleForm,
  ruleOf,
  switchForm,
  switchOf,
  VERDICT_CHOICES,
  verdictBadge,
  verdictOf,
} from './access-forms.ts';

/** Who may come in with what: rules from the first that fits, what holds where none does, switches of protocols. */
export const ACCESS_PAGE: Page = {
  path: '/admin/access',
  needs: 'accessShow',
  menu: { group: 'Devices', label: 'Access rules' },
  async show(visit) {
    const { access, problems } = await visit.calls.accessShow({});
    const groups = visit.can('groupList') ? Object.keys(await visit.calls.groupList({})) : [];
    const { query } = visit;
    return page(
      'Access rules',
      html`${problems.length > 0 && html`<p class="box problem">What is kept is no set of rules, so everybody comes in: ${problems.join('; ')}.</p>`}
${section('Rules', [rulesTable(visit, access), query.has('rule') && ruleForm(visit, access, query.get('rule')!, groups)])}
${generalSection(visit, access)}
${section('Protocols on and off', [switchTable(visit, access), query.has('switch') && switchForm(visit, access, query.get('switch')!, groups)])}`,
    );
  },
  actions: {
    rule: (visit, sent) =>
      change(visit, sent, (access) => ({ ...access, rules: placed(access.rules, sent.text('at'), ruleOf(sent)) })),
    move: (visit, sent) =>
      change(visit, sent, (access) => ({
        ...access,
        rules: moved(access.rules, Number(sent.text('at')), sent.text('to')),
      })),
    'remove-rule': (visit, sent) =>
      change(visit, sent, (access) => ({ ...access, rules: without(access.rules, Number(sent.text('at'))) })),
    general: (visit, sent) =>
      change(visit, sent, (access) => {
        const { defaultApproval: _, ...others } = access;
        const { access: verdict, approval } = verdictOf(sent.text('default'));
        const maximumPerUser = sent.number('maximum', 'Devices per user');
        return { ...others, default: verdict, ...(approval && { defaultApproval: approval }), maximumPerUser };
      }),
    switch: (visit, sent) =>
      change(visit, sent, (access) => ({
        ...access,
        protocols: placed(access.protocols, sent.text('at'), switchOf(sent)),
      })),
    'remove-switch': (visit, sent) =>
      change(visit, sent, (access) => ({ ...access, protocols: without(access.protocols, Number(sent.text('at'))) })),
  },
};

async function change(visit: Visit, sent: Form, by: (access: DeviceAccessRules) => unknown) {
  const { access } = await visit.calls.accessShow({});
  requireSeen(access, sent.text('seen'), 'The rules');
  const { changed } = await visit.calls.accessSet({ access: by(access) });
  return done(`The rules are in force. For ${counted(changed, 'device')} something else holds now.`, '/admin/access');
}

/** The list with the entry in its place; at the end where it has none. */
function placed<T>(list: readonly T[], at: string, entry: T): readonly T[] {
  const index = /^\d+$/.test(at) ? Number(at) : list.length;
  return index < list.length ? list.with(index, entry) : [...list, entry];
}

function without<T>(list: readonly T[], at: number): readonly T[] {
  return list.filter((_, index) => index !== at);
}

function moved<T>(list: readonly T[], at: number, to: string): readonly T[] {
  const entry = list[at];
  if (entry === undefined) return list;
  return without(list, at).toSpliced(Math.max(0, to === 'up' ? at - 1 : at + 1), 0, entry);
}

function rulesTable(visit: Visit, access: DeviceAccessRules): Part {
  const mayChange = visit.can('accessSet');
  const seen = seenMark(access);
  const rows = access.rules.map((rule, at) => ({ rule, at }));
  const last = rows.length - 1;
  const button = (does: string, label: string, fields: object, at: number) =>
    actionButton(visit, does, label, { ...fields, at, seen }, { about: `rule ${at + 1}`, kind: 'quiet' });
  return [
    html`<p>The first rule that fits a device decides.</p>`,
    table(
      'Rules',
      [
        { label: 'Rule', cell: ({ rule, at }) => html`${at + 1}. ${matchWords(rule.match)}` },
        { label: 'Then', cell: ({ rule }) => verdictBadge(rule) },
        { label: 'Reason', cell: ({ rule }) => rule.why || '–' },
        {
          label: 'Actions',
          kind: 'actions' as const,
          cell: ({ at }) =>
            mayChange && [
              at > 0 && button('move', 'Up', { to: 'up' }, at),
              at < last && button('move', 'Down', { to: 'down' }, at),
              html`<a class="button quiet" href="/admin/access?rule=${at}" aria-label="Edit rule ${at + 1}">Edit</a>`,
              button('remove-rule', 'Remove', {}, at),
            ],
        },
      ],
      rows,
      'There are no rules: what holds where none fits, holds for every device.',
    ),
    mayChange && html`<p><a class="button" href="/admin/access?rule=new">Add a rule</a></p>`,
  ];
}

function generalSection(visit: Visit, access: DeviceAccessRules): Part {
  const maximum = access.maximumPerUser;
  const general = { access: access.default, ...(access.defaultApproval && { approval: access.defaultApproval }) };
  if (!visit.can('accessSet')) {
    const most = maximum === null ? 'any number' : String(maximum);
    return section('Where no rule fits', html`<p>${verdictBadge(general)} Devices per user: ${most}.</p>`);
  }
  return section(
    'Where no rule fits',
    form(visit, 'general', (own) => [
      hidden('seen', seenMark(access)),
      choice(own, 'default', 'A device that no rule is about', VERDICT_CHOICES, choiceOf(general)),
      field(own, 'maximum', 'Devices per user', {
        ...{ type: 'number', min: 1, max: 100_000, value: maximum },
        hint: 'Of all protocols; blocked ones do not count. Empty: any number.',
      }),
      button('Set'),
    ]),
  );
}

function switchTable(visit: Visit, access: DeviceAccessRules): Part {
  const mayChange = visit.can('accessSet');
  const seen = seenMark(access);
  return [
    html`<p>The first line that fits decides whether somebody may use a protocol at all; where none does it is on.</p>`,
    table(
      'Protocols on and off',
      [
        { label: 'Who and what', cell: ({ match }) => matchWords(match) },
        { label: 'State', cell: ({ on }) => (on ? badge('on', 'good') : badge('off', 'bad')) },
        {
          label: 'Actions',
          kind: 'actions' as const,
          cell: (entry) => {
            const at = access.protocols.indexOf(entry);
            return (
              mayChange && [
                html`<a class="button quiet" href="/admin/access?switch=${at}" aria-label="Edit line ${at + 1}">Edit</a>`,
                actionButton(
                  visit,
                  'remove-switch',
                  'Remove',
                  { at, seen },
                  { about: `line ${at + 1}`, kind: 'quiet' },
                ),
              ]
            );
          },
        },
      ],
      access.protocols,
      'Every protocol is on for everybody.',
    ),
    mayChange && html`<p><a class="button" href="/admin/access?switch=new">Add a line</a></p>`,
  ];
}
