import {
  type AccessRule,
  type AccessVerdict,
  type DeviceAccessRules,
  MATCH_PARTS,
  type ProtocolSwitch,
  SWITCH_PARTS,
} from '../../../config/device-access.ts';
import { type Html, html, type Part } from '../html.ts';
import type { Form } from '../http/form.ts';
import type { Visit } from '../page.ts';
import { button, choice, field, form, hidden } from '../parts/forms.ts';
import { matchFields, matchOf } from '../parts/match.ts';
import { seenMark } from '../parts/seen.ts';
import { badge } from '../parts/texts.ts';

export const VERDICT_CHOICES = [
  ['allow', 'may come in'],
  ['quarantine', 'waits for approval'],
  ['block', 'is kept out'],
] as const;

const TONES = { allow: 'good', quarantine: 'warn', block: 'bad' } as const;

export function verdictBadge({ access }: { readonly access: AccessVerdict }): Html {
  const [, words] = VERDICT_CHOICES.find(([verdict]) => verdict === access)!;
  return badge(words, TONES[access]);
}

export function ruleOf(sent: Form): AccessRule {
  const access = VERDICT_CHOICES.find(([verdict]) => verdict === sent.text('access'))?.[0] ?? 'block';
  return { match: matchOf(sent, MATCH_PARTS), access, why: sent.text('why') };
}

export function switchOf(sent: Form): ProtocolSwitch {
  return { match: matchOf(sent, SWITCH_PARTS), on: sent.text('on') === 'on' };
}

/** `at` is the rule's place in the list, or `new`. */
export function ruleForm(visit: Visit, access: DeviceAccessRules, at: string, groups: readonly string[]): Part {
  if (!visit.can('accessSet')) return null;
  const rule = access.rules[Number(at)] ?? { match: {}, access: 'quarantine' as const, why: '' };
  return html`<h3>${access.rules[Number(at)] === undefined ? 'A new rule' : `Rule ${Number(at) + 1}`}</h3>${form(
    visit,
    'rule',
    [
      hidden('seen', seenMark(access)),
      hidden('at', at),
      matchFields(visit, rule.match, MATCH_PARTS, groups),
      choice('access', 'Then the device', VERDICT_CHOICES, rule.access),
      field(visit, 'why', 'Reason', { value: rule.why, hint: 'In words; shown with the device.' }),
      html`<div class="buttons">${button('Save the rule', 'primary')}<a class="button" href="/admin/access">Leave it</a></div>`,
    ],
  )}`;
}

/** `at` is the line's place in the list, or `new`. */
export function switchForm(visit: Visit, access: DeviceAccessRules, at: string, groups: readonly string[]): Part {
  if (!visit.can('accessSet')) return null;
  const entry = access.protocols[Number(at)] ?? { match: {}, on: false };
  return html`<h3>${access.protocols[Number(at)] === undefined ? 'A new line' : `Line ${Number(at) + 1}`}</h3>${form(
    visit,
    'switch',
    [
      hidden('seen', seenMark(access)),
      hidden('at', at),
      matchFields(visit, entry.match, SWITCH_PARTS, groups),
      choice(
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
  )}`;
}
