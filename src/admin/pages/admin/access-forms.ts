import type { AccessRule, DeviceAccessRules, ProtocolSwitch } from '../../../config/device-access.ts';
import { MATCH_PARTS, SWITCH_PARTS } from '../../../config/device-match.ts';
import { type Html, html, type Part } from '../html.ts';
import type { Form } from '../http/form.ts';
import type { Visit } from '../page.ts';
import { button, choice, field, form, hidden } from '../parts/forms.ts';
import { matchFields, matchOf } from '../parts/match.ts';
import { seenMark } from '../parts/seen.ts';
import { badge } from '../parts/texts.ts';

/** What becomes of a device, and who may end a quarantine. */
export const VERDICT_CHOICES = [
  ['allow', 'may come in'],
  ['quarantine', 'waits for an administrator'],
  ['quarantine-user', 'waits for its user or an administrator'],
  ['block', 'is kept out'],
] as const;

const TONES = { allow: 'good', quarantine: 'warn', 'quarantine-user': 'warn', block: 'bad' } as const;

type Verdict = Pick<AccessRule, 'access' | 'approval'>;

/** The choice that says the same. */
export function choiceOf({ access, approval }: Verdict): (typeof VERDICT_CHOICES)[number][0] {
  return access === 'quarantine' && approval === 'user' ? 'quarantine-user' : access;
}

export function verdictOf(choice: string): Verdict {
  if (choice === 'quarantine-user') return { access: 'quarantine', approval: 'user' };
  return { access: choice === 'allow' || choice === 'quarantine' ? choice : 'block' };
}

export function verdictBadge(verdict: Verdict): Html {
  const chosen = choiceOf(verdict);
  const [, words] = VERDICT_CHOICES.find(([name]) => name === chosen)!;
  return badge(words, TONES[chosen]);
}

export function ruleOf(sent: Form): AccessRule {
  return { match: matchOf(sent, MATCH_PARTS), ...verdictOf(sent.text('access')), why: sent.text('why') };
}

export function switchOf(sent: Form): ProtocolSwitch {
  return { match: matchOf(sent, SWITCH_PARTS), on: sent.text('on') === 'on' };
}

/** `at` is the rule's place in the list, or `new`. */
export function ruleForm(visit: Visit, access: DeviceAccessRules, at: string, groups: readonly string[]): Part {
  if (!visit.can('accessSet')) return null;
  const rule: AccessRule = access.rules[Number(at)] ?? { match: {}, access: 'quarantine', why: '' };
  return html`<h3>${access.rules[Number(at)] === undefined ? 'A new rule' : `Rule ${Number(at) + 1}`}</h3>${form(
    visit,
    'rule',
    (own) => [
      hidden('seen', seenMark(access)),
      matchFields(own, rule.match, MATCH_PARTS, groups),
      choice(own, 'access', 'Then the device', VERDICT_CHOICES, choiceOf(rule)),
      field(own, 'why', 'Reason', { value: rule.why, hint: 'In words; shown with the device.' }),
      html`<div class="buttons">${button('Save the rule', 'primary')}<a class="button" href="/admin/access">Leave it</a></div>`,
    ],
    { fields: { at } },
  )}`;
}

/** `at` is the line's place in the list, or `new`. */
export function switchForm(visit: Visit, access: DeviceAccessRules, at: string, groups: readonly string[]): Part {
  if (!visit.can('accessSet')) return null;
  const entry = access.protocols[Number(at)] ?? { match: {}, on: false };
  return html`<h3>${access.protocols[Number(at)] === undefined ? 'A new line' : `Line ${Number(at) + 1}`}</h3>${form(
    visit,
    'switch',
    (own) => [
      hidden('seen', seenMark(access)),
      matchFields(own, entry.match, SWITCH_PARTS, groups),
      choice(
        own,
        'on',
        'Then the protocol is',
        [
          ['off', 'off'],
          ['on', 'on'],
        ],
        entry.on ? 'on' : 'off',
      ),
      html`<div class="buttons">${button('Save the line', 'primary')}<a class="button" href="/admin/access">Leave it</a></div>`,
    ],
    { fields: { at } },
  )}`;
}
