import type { QuarantineEntry } from '../../calls/quarantine.ts';
import { html, type Part } from '../html.ts';
import { pathTo } from '../match-page.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { actionButton } from '../parts/forms.ts';
import { table } from '../parts/table.ts';
import { counted } from '../parts/texts.ts';
import { userChoice } from '../parts/user-choice.ts';
import { QUARANTINE_WORDS } from '../parts/words.ts';
import { DEVICE_PATH } from './device-path.ts';

/** Items that devices of a user do not get as they are. */
export const QUARANTINE_PAGE: Page = {
  path: '/admin/quarantine',
  needs: 'quarantineList',
  menu: { group: 'Devices', label: 'Quarantine' },
  async show(visit) {
    const address = visit.query.get('address') ?? '';
    const entries = address === '' ? null : await visit.calls.quarantineList({ address, device: null });
    const about =
      'An item that a device cannot take, or that breaks its sync, is kept from it, so that everything else goes on.';
    return page(
      'Quarantine',
      html`<p>${about}</p>${userChoice(visit, address)}${entries !== null && listOf(visit, address, entries)}`,
    );
  },
  actions: {
    async retry(visit, sent) {
      const choice = { address: visit.query.get('address') ?? '', device: sent.optional('device') };
      const count = await visit.calls.quarantineRetry({ ...choice, itemId: sent.number('item', 'The item') });
      return done(`${counted(count, 'item')} will be tried again when the devices come next.`);
    },
    async clear(visit, sent) {
      const choice = { address: visit.query.get('address') ?? '', device: sent.optional('device') };
      const count = await visit.calls.quarantineClear({ ...choice, itemId: sent.number('item', 'The item') });
      return done(`The devices go without ${counted(count, 'item')} until it changes.`);
    },
  },
};

function listOf(visit: Visit, address: string, entries: readonly QuarantineEntry[]): Part {
  const [mayRetry, mayClear] = [visit.can('quarantineRetry'), visit.can('quarantineClear')];
  return html`<section aria-label="Items in quarantine">${table(
    'Items in quarantine',
    [
      { label: 'Item', cell: ({ folder, itemId }) => `${folder} ${itemId}` },
      { label: 'Device', cell: ({ device }) => html`<a href="${pathTo(DEVICE_PATH, address, device)}">${device}</a>` },
      { label: 'Why', cell: ({ reason }) => QUARANTINE_WORDS[reason] },
      { label: 'It holds', cell: ({ isHeld }) => (isHeld ? 'an earlier version' : 'nothing of it') },
      {
        label: 'Actions',
        kind: 'actions' as const,
        cell: ({ itemId, device }) => {
          const [fields, about] = [{ device, item: itemId }, `item ${itemId} of ${device}`];
          return [
            mayRetry && actionButton(visit, 'retry', 'Try again', fields, { about }),
            ' ',
            mayClear && actionButton(visit, 'clear', 'Do without', fields, { about }),
          ];
        },
      },
    ],
    entries,
    'Every device of this user gets everything.',
  )}${entries.length > 1 && mayRetry && html`<div class="buttons">${actionButton(visit, 'retry', 'Try all again', {})}</div>`}</section>`;
}
