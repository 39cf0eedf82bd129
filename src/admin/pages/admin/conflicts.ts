import { DEVICE_CONFLICT_RULES } from '../../../store/device-store.ts';
import type { ConflictEntry } from '../../calls/conflicts.ts';
import { versionLines } from '../../version-lines.ts';
import { html, type Part } from '../html.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { actionButton, button, choice, field, form } from '../parts/forms.ts';
import { table } from '../parts/table.ts';
import { momentText, section } from '../parts/texts.ts';
import { userChoice } from '../parts/user-choice.ts';
import { CONFLICT_RULE_WORDS } from '../parts/words.ts';

/** What lost a conflict, beside what is there in its place. */
export const CONFLICTS_PAGE: Page = {
  path: '/admin/conflicts',
  needs: 'conflictList',
  menu: { group: 'Devices', label: 'Conflicts' },
  async show(visit) {
    const address = visit.query.get('address') ?? '';
    const entries = address === '' ? null : await visit.calls.conflictList({ address });
    const about = 'When a device and somebody else change the same item, one version loses. It is kept for 30 days.';
    return page(
      'Conflicts',
      html`<p>${about}</p>${userChoice(visit, address)}${entries !== null && listOf(visit, entries)}${await rulesSection(visit)}${await domainRule(visit)}`,
    );
  },
  actions: {
    async rule(visit, sent) {
      const [domain, rule] = [sent.text('domain'), sent.optional('rule')];
      await visit.calls.conflictRuleSet({ domain, address: null, device: null, rule });
      return done(
        rule === null ? `${domain} has no conflict rule any more.` : `The conflict rule of ${domain} is set.`,
      );
    },
    async restore(visit, sent) {
      const address = visit.query.get('address') ?? '';
      await visit.calls.conflictRestore({ address, id: sent.number('id', 'The conflict') ?? 0 });
      return done('The version that lost is back in place; what was there is kept here in its stead.');
    },
  },
};

function listOf(visit: Visit, entries: readonly ConflictEntry[]): Part {
  if (entries.length === 0) return html`<p class="empty">Nothing of this user lost a conflict in the last 30 days.</p>`;
  return entries.map((entry) => {
    const { id, at, folder, itemId, device, side, rule } = entry;
    const lost = side === 'client' ? `the version of ${device}` : 'the version on the server';
    const words = (CONFLICT_RULE_WORDS as Readonly<Record<string, string>>)[rule] ?? rule;
    return html`<section aria-labelledby="conflict-${id}"><h2 id="conflict-${id}">${folder}, item ${itemId}</h2>
<p>On ${momentText(at)}, ${lost} lost. Rule: ${words}.</p>
<div class="sides"><div><h3>What lost</h3><pre tabindex="0">${marked(entry.lost, entry.present)}</pre></div><div><h3>What is there now</h3>${
      entry.present === null
        ? html`<p class="empty">It is gone.</p>`
        : html`<pre tabindex="0">${marked(entry.present, entry.lost)}</pre>`
    }</div></div>${
      visit.can('conflictRestore') &&
      actionButton(visit, 'restore', 'Put back what lost', { id }, { about: `conflict ${id}` })
    }</section>`;
  });
}

/** The text, its lines that the other one has not marked. */
function marked(text: string, other: string | null): Part {
  return versionLines(text, other).map((line) => [line.isApart ? html`<mark>${line.text}</mark>` : line.text, '\n']);
}

async function rulesSection(visit: Visit): Promise<Part> {
  if (!visit.can('conflictRuleList')) return null;
  const rules = await visit.calls.conflictRuleList({});
  return section('Rules of domains and users', [
    table(
      'Rules of domains and users',
      [
        { label: 'Of', cell: ({ domain, address }) => domain ?? address },
        { label: 'Who wins', cell: ({ rule }) => CONFLICT_RULE_WORDS[rule] },
      ],
      rules,
      'No domain and no user has a rule.',
    ),
  ]);
}

async function domainRule(visit: Visit): Promise<Part> {
  if (!visit.can('conflictRuleSet') || !visit.can('conflictRuleList')) return null;
  const { domain } = visit.authority;
  const rules = await visit.calls.conflictRuleList({});
  const present = rules.find((entry) => entry.domain !== null && entry.domain === domain)?.rule ?? '';
  const options = DEVICE_CONFLICT_RULES.map((rule): [string, string] => [rule, CONFLICT_RULE_WORDS[rule]]);
  return section('Rule of a domain', [
    html`<p>A device or a user may have a rule of their own, on their pages. Without any rule the program chooses, else the server wins.</p>`,
    form(visit, 'rule', (own) => [
      field(own, 'domain', 'Domain', { isRequired: true, value: domain }),
      choice(own, 'rule', 'Who wins', [['', 'No rule'], ...options], present),
      button('Set the rule'),
    ]),
  ]);
}
