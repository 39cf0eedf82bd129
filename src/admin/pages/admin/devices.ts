import { DEVICE_ACCESS_STATES, type DeviceAccessState } from '../../../store/device-store.ts';
import type { DeviceSummary } from '../../calls/devices.ts';
import { FAILING } from '../../device-words.ts';
import { type Html, html, type Part } from '../html.ts';
import { pathTo } from '../match-page.ts';
import { type Page, page, type Visit } from '../page.ts';
import { accessBadge, deviceIcon, deviceName, protocolName } from '../parts/device-parts.ts';
import { choice, field, search } from '../parts/forms.ts';
import { pager } from '../parts/live-region.ts';
import { type Column, table } from '../parts/table.ts';
import { host, when } from '../parts/texts.ts';
import { userLink } from '../parts/user-parts.ts';
import { wipeBadge } from '../parts/wipe-parts.ts';
import { DEVICE_PATH } from './device-path.ts';

const PER_PAGE = 50;

const ACCESS_CHOICES = [
  ['', 'any access'],
  ['allowed', 'allowed'],
  ['quarantined', 'waits for approval'],
  ['blocked', 'blocked'],
] as const;

/** The register: every client of every protocol. */
export const DEVICES_PAGE: Page = {
  path: '/admin/devices',
  needs: 'deviceList',
  menu: { group: 'Devices', label: 'Devices' },
  async show(visit) {
    const { query } = visit;
    const word = (name: string) => query.get(name)?.trim() || null;
    const order = query.get('order') === 'owner' ? 'owner' : 'contact';
    const access = DEVICE_ACCESS_STATES.find((state) => state === query.get('access')) ?? null;
    const list = await visit.calls.deviceList({
      ...{ address: null, text: word('text'), domain: word('domain'), protocol: word('protocol'), access, order },
      ...{ after: word('after'), limit: PER_PAGE },
    });
    const hasFilter = ['text', 'domain', 'protocol', 'access'].some((name) => word(name) !== null);
    const empty = hasFilter
      ? html`No device fits. <a href="/admin/devices">Show all devices</a>`
      : 'No device has come yet. A phone or program is listed here as soon as it signs in.';
    return page(
      'Devices',
      html`${filters(visit, access, order)}<section id="results" aria-label="Devices found" aria-live="polite">${deviceTable(visit, list.devices, empty)}${pager(visit, list.next)}</section>`,
    );
  },
};

function filters(visit: Visit, access: DeviceAccessState | null, order: string): Html {
  const value = (name: string) => visit.query.get(name) ?? '';
  return search(
    visit,
    (own) => [
      html`<div class="field wide"><label for="f-text">Search</label><input id="f-text" name="text" type="search" value="${value('text')}" accesskey="s" autocomplete="off" placeholder="user, model, id, program, address"></div>`,
      visit.authority.domain === null && field(own, 'domain', 'Domain', { value: value('domain') }),
      choice(own, 'protocol', 'Protocol', PROTOCOL_CHOICES, value('protocol')),
      choice(own, 'access', 'Access', ACCESS_CHOICES, access ?? ''),
      choice(
        own,
        'order',
        'Order',
        [
          ['contact', 'last contact'],
          ['owner', 'user'],
        ],
        order,
      ),
      html`<button>Search</button>`,
    ],
    'results',
  );
}

const PROTOCOL_CHOICES = [
  ['', 'any protocol'],
  ['activesync', protocolName('activesync')],
  ['webdav', protocolName('webdav')],
] as const;

/** Devices as rows; `without` leaves out the column that the page says already. */
export function deviceTable(visit: Visit, devices: readonly DeviceSummary[], empty: Part, without?: 'owner'): Html {
  const columns: Column<DeviceSummary>[] = [
    {
      label: 'Device',
      cell: (device) =>
        html`${deviceIcon(device.kind)} <a href="${pathTo(DEVICE_PATH, device.owner, device.device)}">${deviceName(device)}</a>${deviceName(device) !== device.device && html`<br><span class="mono muted">${device.device}</span>`}`,
    },
    { label: 'User', kind: 'person', cell: ({ owner }) => userLink(owner) },
    {
      label: 'Protocol',
      cell: ({ protocol, version }) =>
        html`${protocolName(protocol)}${version !== null && html` <span class="muted">${version}</span>`}`,
    },
    { label: 'Folders', kind: 'number', cell: ({ folders }) => folders },
    { label: 'Last contact', cell: ({ lastSeenAt }) => when(lastSeenAt, visit.now) },
    { label: 'From', cell: ({ remoteAddress }) => host(remoteAddress) },
    { label: 'Status', cell: statusOf },
  ];
  return table(
    'Devices',
    columns.filter(({ label }) => without !== 'owner' || label !== 'User'),
    devices,
    empty,
  );
}

/** Its wipe where there is one, access where it is not let in, else how it stands, with the last thing that went wrong at hand. */
function statusOf({ access, status, lastError, wipe }: DeviceSummary): Part {
  const words =
    wipe !== null && wipe !== 'cancelled' ? wipeBadge(wipe) : access === 'allowed' ? status : accessBadge(access);
  if (lastError === null) return words;
  if (words === FAILING) return html`<span class="badge bad" title="${lastError.what}">${words}</span>`;
  return html`${words} <span class="badge idle" title="${lastError.what}">had errors</span>`;
}
