import type { OutboxEntry } from '../../calls/outbox.ts';
import { html, type Part } from '../html.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { actionButton } from '../parts/forms.ts';
import { liveRegion } from '../parts/live-region.ts';
import { table } from '../parts/table.ts';
import { counted, when } from '../parts/texts.ts';
import { userChoice } from '../parts/user-choice.ts';
import { userLink } from '../parts/user-parts.ts';

/** Mail that has not left yet. */
export const OUTBOX_PAGE: Page = {
  path: '/admin/outbox',
  needs: 'outboxList',
  menu: { group: 'Server', label: 'Outbox' },
  async show(visit) {
    const address = visit.query.get('address') || null;
    const entries = await visit.calls.outboxList({ address });
    return page(
      'Outbox',
      html`${userChoice(visit, address ?? '', 'User (empty: all)')}${liveRegion(visit, 'waiting', 15, listOf(visit, entries))}`,
    );
  },
  actions: {
    async retry(visit) {
      const { messages, isNow } = await visit.calls.outboxRetry({ address: visit.query.get('address') || null });
      const when = isNow ? 'is tried again now' : 'will be tried when the server runs';
      return done(`${counted(messages, 'message')}: each ${when}.`);
    },
  },
};

function listOf(visit: Visit, entries: readonly OutboxEntry[]): Part {
  const mayRetry = visit.can('outboxRetry') && (visit.authority.domain === null || visit.query.get('address'));
  return html`<section aria-label="Messages that wait">${table(
    'Messages that wait',
    [
      { label: 'From', cell: ({ owner }) => userLink(owner) },
      { label: 'To', cell: ({ waiting }) => waiting.map(recipientOf) },
      { label: 'Since', cell: ({ queuedAt }) => when(queuedAt, visit.now) },
      {
        label: 'Next try',
        cell: ({ nextTryAt }) => (nextTryAt === null ? 'when a relay is configured' : when(nextTryAt, visit.now)),
      },
    ],
    entries,
    'All mail has left.',
  )}${entries.length > 0 && mayRetry && html`<div class="buttons">${actionButton(visit, 'retry', 'Try all now', {})}</div>`}</section>`;
}

function recipientOf({ address, reason }: OutboxEntry['waiting'][number]): Part {
  return html`<div>${address}${reason !== null && html` <span class="muted">${reason}</span>`}</div>`;
}
