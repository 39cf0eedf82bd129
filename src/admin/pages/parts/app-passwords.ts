import type { AppPasswordEntry, AppPasswordSetup, NewAppPassword } from '../../calls/app-passwords.ts';
import { qrSvg } from '../../qr.ts';
import { type Html, html, type Part } from '../html.ts';
import type { Form } from '../http/form.ts';
import type { Visit } from '../page.ts';
import { protocolName } from './device-parts.ts';
import { actionButton, button, choice, field, form } from './forms.ts';
import { table } from './table.ts';
import { badge, facts, host, section, when } from './texts.ts';

/** App passwords of one user, with the buttons that this person may use. The page has the actions `add-password` and `revoke`. */
export function appPasswordSection(
  visit: Visit,
  entries: readonly AppPasswordEntry[],
  may: { readonly add: boolean; readonly revoke: boolean },
): Html {
  return section(
    'App passwords',
    [
      html`<p>A password for one device, beside the account’s own: it is shown once, belongs to the device that uses it first, and ends alone.</p>`,
      table(
        'App passwords',
        [
          { label: 'For', cell: ({ label }) => label },
          { label: 'Protocols', cell: ({ protocols }) => protocols?.map(protocolName).join(', ') ?? 'all' },
          { label: 'Made', cell: ({ createdAt, createdBy }) => html`${when(createdAt, visit.now)} by ${createdBy}` },
          { label: 'Device', cell: ({ device }) => device?.id ?? 'none yet' },
          { label: 'Last use', cell: (entry) => lastUse(visit, entry) },
          {
            label: 'Actions',
            kind: 'actions' as const,
            cell: ({ id, label, revokedAt }) =>
              revokedAt !== null
                ? html`${badge('ended', 'idle')} ${when(revokedAt, visit.now)}`
                : may.revoke && actionButton(visit, 'revoke', 'Revoke', { id }, { about: label, kind: 'danger' }),
          },
        ],
        entries,
        'There are none.',
      ),
      may.add && form(visit, 'add-password', newPasswordFields, { kind: 'row' }),
    ],
    'app-passwords',
  );
}

function newPasswordFields(visit: Visit): readonly Part[] {
  const protocols: [string, string][] = [
    ['', 'everything'],
    ['activesync', protocolName('activesync')],
    ['webdav', protocolName('webdav')],
  ];
  return [
    field(visit, 'label', 'A new one for', { isRequired: true, placeholder: 'my tablet' }),
    choice(visit, 'protocol', 'May be used for', protocols, ''),
    button('Make it'),
  ];
}

function lastUse(visit: Visit, { lastUsedAt, lastUsedFrom }: AppPasswordEntry): Part {
  return html`${when(lastUsedAt, visit.now)}${lastUsedFrom !== null && html` ${host(lastUsedFrom)}`}`;
}

/** What the form asks for. */
export function newPasswordOf(visit: Visit, sent: Form) {
  const protocol = sent.optional('protocol');
  return { label: sent.text('label'), protocols: protocol === null ? null : [protocol], server: visit.origin };
}

/** The only sight of a new app password. */
export function shownOnce({ entry, password, setup }: NewAppPassword, back: string): Html {
  const code = Buffer.from(qrSvg(setup.text)).toString('base64');
  return html`<p class="box warning">This is the only time that the password is shown. Type or scan it now.</p>
<section aria-label="The password"><h2>For ${entry.label}</h2><div class="sides"><div><p class="secret">${password}</p><p>User name <code>${setup.userName}</code>${
    setup.server !== null && html`, server <code>${setup.server}</code>`
  }</p></div><div><img class="qr" src="data:image/svg+xml;base64,${code}" alt="QR code with server, user name and password" width="192" height="192"></div></div></section>
${programs(setup)}<p><a class="button" href="${back}">I have it</a></p>`;
}

/** What to type into which program. */
export function programs({ programs: all }: Pick<AppPasswordSetup, 'programs'>): Part {
  const sections = all.map(({ program, hint, fields }) =>
    section(program, [
      hint !== '' && html`<p>${hint}</p>`,
      facts(fields.map(({ name, value }): [string, Part] => [name, html`<code>${value}</code>`])),
    ]),
  );
  return html`<div class="grid">${sections}</div>`;
}
