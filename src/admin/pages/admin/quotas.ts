import { bytesText } from '../../../config/byte-sizes.ts';
import type { QuotaSetting, WatchSettings } from '../../../config/watch-settings.ts';
import type { MailboxUsage } from '../../calls/watch.ts';
import { html, type Part } from '../html.ts';
import type { Form } from '../http/form.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { actionButton, button, field, form, guarded, hidden, wasRefused } from '../parts/forms.ts';
import { pager } from '../parts/live-region.ts';
import { diskBadge, shareMeter, sizeField, sizeOf, spaceField, spaceOf } from '../parts/quota-parts.ts';
import { requireSeen, seenMark } from '../parts/seen.ts';
import { table } from '../parts/table.ts';
import { facts, section } from '../parts/texts.ts';
import { userLink } from '../parts/user-parts.ts';

const PER_PAGE = 50;

/** What runs full: the disk and the mailboxes, the fullest first. */
export const QUOTAS_PAGE: Page = {
  path: '/admin/quotas',
  needs: 'usageList',
  menu: { group: 'People', label: 'Space and quotas' },
  async show(visit) {
    const after = visit.query.get('after');
    const { usage, next } = await visit.calls.usageList({ domain: null, after, limit: PER_PAGE });
    const mailboxes = section('Mailboxes, the fullest first', [usageTable(usage), pager(visit, next)]);
    return page('Space and quotas', html`${mailboxes}${visit.can('watchShow') && (await watchSections(visit))}`);
  },
  actions: {
    limits: (visit, sent) =>
      change(visit, sent, ({ quota }) => ({
        disk: {
          soft: spaceOf(sent.text('soft'), 'The soft limit'),
          hard: spaceOf(sent.text('hard'), 'The hard limit'),
        },
        quota: { ...quota, everybody: quotaOf(sent), warnAt: (sent.number('warn', 'The share') ?? 90) / 100 },
      })),
    domain: (visit, sent) =>
      change(visit, sent, ({ disk, quota }) => ({
        disk,
        quota: { ...quota, domains: { ...quota.domains, [sent.text('domain').toLowerCase()]: quotaOf(sent) } },
      })),
    'domain-as-everybody': (visit, sent) =>
      change(visit, sent, ({ disk, quota }) => {
        const { [sent.text('domain')]: _, ...domains } = quota.domains;
        return { disk, quota: { ...quota, domains } };
      }),
  },
};

async function change(visit: Visit, sent: Form, by: (watch: WatchSettings) => WatchSettings) {
  const { watch } = await visit.calls.watchShow({});
  requireSeen(watch, sent.text('seen'), 'The limits');
  await visit.calls.watchSet({ watch: by(watch) });
  return done('The limits are in force.');
}

function quotaOf(sent: Form): QuotaSetting {
  return { bytes: sizeOf(sent.text('bytes'), 'The size'), items: sent.number('items', 'Items') };
}

function usageTable(usage: readonly MailboxUsage[]): Part {
  return table(
    'Mailboxes',
    [
      { label: 'User', cell: ({ address }) => userLink(address) },
      {
        label: 'Size',
        cell: ({ usedBytes, quota }) =>
          `${bytesText(usedBytes)}${quota.bytes === null ? '' : ` of ${bytesText(quota.bytes)}`}`,
      },
      { label: 'Items', cell: ({ items, quota }) => `${items}${quota.items === null ? '' : ` of ${quota.items}`}` },
      { label: 'Share', cell: (entry) => shareMeter(entry) },
    ],
    usage,
    'There are no mailboxes.',
  );
}

async function watchSections(visit: Visit): Promise<Part> {
  const { watch, disk, problems } = await visit.calls.watchShow({});
  const wrong =
    problems.length > 0 &&
    html`<p class="box problem">What is kept cannot be used, so the default holds: ${problems.join('; ')}.</p>`;
  const state =
    disk !== null &&
    facts([
      ['State', diskBadge(disk.state)],
      ['Free', `${bytesText(disk.freeBytes)} of ${bytesText(disk.totalBytes)}`],
    ]);
  return [
    section('Disk, and quotas for everybody', [wrong, state, visit.can('watchSet') && limitsForm(visit, watch)]),
    section('Quotas of domains', [domainsTable(visit, watch), visit.can('watchSet') && domainForm(visit, watch)]),
  ];
}

function limitsForm(visit: Visit, watch: WatchSettings): Part {
  const { disk, quota } = watch;
  const warn = { value: Math.round(quota.warnAt * 100), hint: 'Percent; at most one message a day.' };
  return form(visit, 'limits', (own) => [
    hidden('seen', seenMark(watch)),
    field(own, 'soft', 'Warn below so much free space', {
      ...{ value: spaceField(disk.soft), hint: '2 GiB, 5 %; empty: never.' },
    }),
    field(own, 'hard', 'Take nothing more below', {
      ...{ value: spaceField(disk.hard), hint: 'Empty: only when the disk is full.' },
    }),
    quotaFields(own, quota.everybody, 'everybody'),
    field(own, 'warn', 'Tell the owner of a mailbox from this share on', {
      type: 'number',
      min: 10,
      max: 100,
      ...warn,
    }),
    button('Set the limits'),
  ]);
}

function quotaFields(visit: Visit, { bytes, items }: QuotaSetting, id: string): Part {
  return [
    field(visit, 'bytes', 'Size of a mailbox', {
      ...{ value: sizeField(bytes), hint: '5 GiB, 500 MiB; empty: no limit.', id: `f-bytes-${id}` },
    }),
    field(visit, 'items', 'Items of a mailbox', {
      ...{ type: 'number', min: 0, value: items, hint: 'Empty: no limit.', id: `f-items-${id}` },
    }),
  ];
}

function domainsTable(visit: Visit, watch: WatchSettings): Part {
  return table(
    'Quotas of domains',
    [
      { label: 'Domain', cell: ([domain]) => domain },
      { label: 'Size', cell: ([, { bytes }]) => (bytes === null ? 'no limit' : bytesText(bytes)) },
      { label: 'Items', cell: ([, { items }]) => items ?? 'no limit' },
      {
        label: 'Actions',
        kind: 'actions' as const,
        cell: ([domain]) =>
          visit.can('watchSet') &&
          actionButton(
            visit,
            'domain-as-everybody',
            'As everybody',
            { domain, seen: seenMark(watch) },
            { about: domain },
          ),
      },
    ],
    Object.entries(watch.quota.domains),
    'No domain has a quota of its own.',
  );
}

function domainForm(visit: Visit, watch: WatchSettings): Part {
  const none = { bytes: null, items: null };
  return html`<div class="buttons">${guarded(
    'Set the quota of a domain',
    form(visit, 'domain', (own) => [
      hidden('seen', seenMark(watch)),
      field(own, 'domain', 'Domain', { isRequired: true }),
      quotaFields(own, none, 'domain'),
      button('Set the quota'),
    ]),
    wasRefused(visit, 'domain'),
  )}</div>`;
}
