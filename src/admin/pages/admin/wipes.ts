import { WIPE_STATES, type WipeState } from '../../../store/device-store.ts';
import { html, type Part } from '../html.ts';
import { pathTo } from '../match-page.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { button, check, choice, field, form, hidden, search } from '../parts/forms.ts';
import { liveRegion, pager } from '../parts/live-region.ts';
import { requireSeen, seenMark } from '../parts/seen.ts';
import { table } from '../parts/table.ts';
import { section, when } from '../parts/texts.ts';
import { userLink } from '../parts/user-parts.ts';
import { wipeBadge } from '../parts/wipe-parts.ts';
import { WIPE_PATH } from './device-path.ts';

const PER_PAGE = 50;

const STATE_WORDS: Readonly<Record<WipeState, string>> = {
  'waiting-for-consent': 'waiting for a second person',
  pending: 'waiting for the device',
  sent: 'sent',
  acknowledged: 'done',
  failed: 'failed',
  silent: 'unanswered',
  cancelled: 'cancelled',
};

/** Every wipe, by its state, and what holds for all. */
export const WIPES_PAGE: Page = {
  path: '/admin/wipes',
  needs: 'wipeList',
  menu: { group: 'Devices', label: 'Wipes' },
  async show(visit) {
    const { query } = visit;
    const state = WIPE_STATES.find((one) => one === query.get('state')) ?? null;
    const address = query.get('address')?.trim() || null;
    const { wipes, next } = await visit.calls.wipeList({
      ...{ domain: null, address, state, after: query.get('after'), limit: PER_PAGE },
    });
    const list = table(
      'Wipes',
      [
        {
          label: 'Device',
          cell: ({ owner, device, type }) =>
            html`<a href="${pathTo(WIPE_PATH, owner, device)}">${type || device}</a>${type !== '' && html`<br><span class="mono muted">${device}</span>`}`,
        },
        { label: 'User', kind: 'person' as const, cell: ({ owner }) => userLink(owner) },
        { label: 'State', cell: ({ wipe }) => wipeBadge(wipe.state) },
        {
          label: 'Asked for',
          kind: 'person' as const,
          cell: ({ wipe }) => html`${when(wipe.at, visit.now)} by ${wipe.by}`,
        },
        { label: 'Reason', cell: ({ wipe }) => wipe.why },
        { label: 'Last contact', cell: ({ lastSeenAt }) => when(lastSeenAt, visit.now) },
      ],
      wipes,
      'No device was asked to erase anything. A wipe begins on the page of a device.',
    );
    const filters = search(visit, (own) => [
      html`<div class="field address"><label for="f-address">User</label><input id="f-address" name="address" type="text" inputmode="email" value="${address}" accesskey="s" autocomplete="off"></div>`,
      choice(
        own,
        'state',
        'State',
        [['', 'any'], ...WIPE_STATES.map((one): [string, string] => [one, STATE_WORDS[one]])],
        state ?? '',
      ),
      html`<button>Show</button>`,
    ]);
    return page(
      'Wipes',
      html`${filters}${liveRegion(visit, 'results', 10, html`<section aria-label="Wipes found">${list}${pager(visit, next)}</section>`)}${await settingsSection(visit)}`,
    );
  },
  actions: {
    async settings(visit, sent) {
      const silentAfterDays = sent.number('days', 'Days without an answer');
      requireSeen(await visit.calls.wipeSettingsShow(), sent.text('seen'), 'The rules');
      await visit.calls.wipeSettingsSet({ settings: { secondPerson: sent.flag('second'), silentAfterDays } });
      return done('The rules of wipes are set.');
    },
  },
};

async function settingsSection(visit: Visit): Promise<Part> {
  if (!visit.can('wipeSettingsShow')) return null;
  const { secondPerson, silentAfterDays } = await visit.calls.wipeSettingsShow();
  if (!visit.can('wipeSettingsSet')) {
    const consent = secondPerson ? 'A second person has to consent.' : 'Nobody else has to consent.';
    return section(
      'Rules',
      html`<p>${consent} After ${silentAfterDays} days without an answer a wipe counts as unanswered.</p>`,
    );
  }
  return section(
    'Rules',
    form(visit, 'settings', (own) => [
      hidden('seen', seenMark({ secondPerson, silentAfterDays })),
      check(own, 'second', 'A second person has to consent before a wipe begins', secondPerson),
      field(own, 'days', 'Days without an answer until a wipe counts as unanswered', {
        ...{ type: 'number', min: 1, max: 365, value: silentAfterDays, isRequired: true },
        hint: 'The device is wiped all the same when it comes.',
      }),
      button('Set the rules'),
    ]),
  );
}
