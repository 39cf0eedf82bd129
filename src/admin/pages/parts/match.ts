import { type DeviceMatch, MATCH_PARTS } from '../../../config/device-match.ts';
import { html, joined, type Part } from '../html.ts';
import type { Form } from '../http/form.ts';
import type { Visit } from '../page.ts';
import { protocolName } from './device-parts.ts';
import { choice, field } from './forms.ts';

type MatchPart = (typeof MATCH_PARTS)[number];

const MATCH_LABELS: Readonly<Record<MatchPart, string>> = {
  type: 'Type',
  model: 'Model',
  os: 'System',
  agent: 'Program',
  user: 'User',
  group: 'Group',
  domain: 'Domain',
  protocol: 'Protocol',
};

/** What a rule looks at, in words. */
export function matchWords(match: DeviceMatch): Part {
  const given = MATCH_PARTS.filter((part) => match[part] !== undefined);
  if (given.length === 0) return 'Everything';
  return joined(
    given.map((part) => html`${MATCH_LABELS[part]} <code>${match[part]!}</code>`),
    ' and ',
  );
}

/** Fields for what a rule looks at. */
export function matchFields(
  visit: Visit,
  match: DeviceMatch,
  parts: readonly MatchPart[],
  groups: readonly string[],
): Part {
  const fields = parts.map((part) => {
    const value = match[part] ?? '';
    if (part === 'group') {
      // A group that is gone is shown, else saving would take it off without a word.
      const names = value === '' || groups.includes(value) ? groups : [...groups, value];
      return choice(
        visit,
        'group',
        MATCH_LABELS.group,
        [['', 'any'], ...names.map((name): [string, string] => [name, name])],
        value,
      );
    }
    if (part !== 'protocol') return field(visit, part, MATCH_LABELS[part], { value });
    const known = ['activesync', 'webdav'];
    const names = value === '' || known.includes(value) ? known : [...known, value];
    return choice(
      visit,
      'protocol',
      MATCH_LABELS.protocol,
      [['', 'any'], ...names.map((name): [string, string] => [name, protocolName(name)])],
      value,
    );
  });
  return html`<fieldset><legend>Fits when all of these do</legend><div class="fields">${fields}</div><p class="hint">* stands for anything, case does not count; empty fits always.</p></fieldset>`;
}

export function matchOf(sent: Form, parts: readonly MatchPart[]): DeviceMatch {
  return Object.fromEntries(parts.flatMap((part) => (sent.text(part) === '' ? [] : [[part, sent.text(part)]])));
}
