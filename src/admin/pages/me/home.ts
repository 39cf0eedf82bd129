import type { DeviceSummary } from '../../calls/devices.ts';
import { html, type Part } from '../html.ts';
import { pathTo } from '../match-page.ts';
import { type Page, page, type Visit } from '../page.ts';
import { accessBadge, deviceIcon, deviceName, protocolName } from '../parts/device-parts.ts';
import { liveRegion, pager } from '../parts/live-region.ts';
import { table } from '../parts/table.ts';
import { badge, counted, section, when } from '../parts/texts.ts';
import { usageView } from '../parts/usage.ts';
import { wipeBadge } from '../parts/wipe-parts.ts';
import { MY_DEVICE_PATH } from './device.ts';

/** What is somebody's own: devices and how full the mailbox is. */
export const ME_PAGE: Page = {
  path: '/me',
  needs: null,
  menu: { group: 'Mine', label: 'My devices' },
  async show(visit) {
    const { self, query } = visit;
    const [usage, { devices, next }] = await Promise.all([
      self.usageShow({}),
      self.deviceList({
        text: null,
        protocol: null,
        access: null,
        order: 'contact',
        after: query.get('after'),
        limit: 50,
      }),
    ]);
    return page(
      'My devices',
      html`${liveRegion(visit, 'devices', 10, [waitingBox(devices), listSection(visit, devices)])}${pager(visit, next)}${section('My mailbox', usageView(usage))}`,
    );
  },
};

function waitingBox(devices: readonly DeviceSummary[]): Part {
  const waiting = devices.filter(({ access }) => access === 'quarantined');
  if (waiting.length === 0) return null;
  return html`<p class="box warning">${counted(waiting.length, 'device waits', 'devices wait')} to be let in: ${waiting.map(
    (device, at) => [at > 0 && ', ', deviceLink(device)],
  )}. If it is not yours, change your password.</p>`;
}

function deviceLink(device: DeviceSummary): Part {
  return html`<a href="${pathTo(MY_DEVICE_PATH, device.device)}">${deviceName(device)}</a>`;
}

function listSection(visit: Visit, devices: readonly DeviceSummary[]): Part {
  return html`<section aria-label="My devices">${table(
    'My devices',
    [
      { label: 'Device', cell: (device) => html`${deviceIcon(device.kind)} ${deviceLink(device)}` },
      { label: 'Protocol', cell: ({ protocol }) => protocolName(protocol) },
      {
        label: 'State',
        cell: stateOf,
      },
      { label: 'Last contact', cell: ({ lastSeenAt }) => when(lastSeenAt, visit.now) },
    ],
    devices,
    html`No device has come yet. <a href="/me/setup">What to type into which program</a>`,
  )}</section>`;
}

/** What keeps a device out says its status, too: it is not told twice. */
function stateOf({ access, status, wipe }: DeviceSummary): Part {
  if (wipe !== null) return wipeBadge(wipe);
  if (access !== 'allowed') return badge(status, access === 'blocked' ? 'bad' : 'warn');
  return html`${accessBadge(access)} ${status}`;
}
