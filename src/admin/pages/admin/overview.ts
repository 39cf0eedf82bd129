import { bytesText } from '../../../config/byte-sizes.ts';
import type { AdministrationCall } from '../../administration.ts';
import type { Overview } from '../../calls/services.ts';
import { html, type Part } from '../html.ts';
import { type Page, page, type Visit } from '../page.ts';
import { barChart } from '../parts/chart.ts';
import { protocolName } from '../parts/device-parts.ts';
import { liveRegion } from '../parts/live-region.ts';
import { diskBadge } from '../parts/quota-parts.ts';
import { table } from '../parts/table.ts';
import { badge, facts, section, when } from '../parts/texts.ts';

/** All at one glance. */
export const OVERVIEW_PAGE: Page = {
  path: '/admin',
  needs: 'overview',
  menu: { group: 'Server', label: 'Overview' },
  async show(visit) {
    const overview = await visit.calls.overview({});
    return page('Overview', liveRegion(visit, 'overview', 10, body(visit, overview)));
  },
};

function body(visit: Visit, overview: Overview): Part {
  const { devices, parked, connections, quotas } = overview;
  const tiles = [
    tile(visit, 'deviceList', '/admin/devices', devices.total, 'devices'),
    tile(visit, 'deviceList', '/admin/devices?access=quarantined', devices.byAccess.quarantined, 'wait for approval'),
    tile(visit, 'deviceList', '/admin/devices?access=blocked', devices.byAccess.blocked, 'blocked'),
    tile(visit, 'connectionList', '/admin/connections', connections, 'connections'),
    tile(visit, 'connectionList', '/admin/connections', parked, 'wait to be told'),
    tile(visit, 'usageList', '/admin/quotas', quotas.warned, 'mailboxes nearly full'),
  ];
  return html`<ul class="tiles">${tiles}</ul>
<div class="grid"><section>${barChart('syncs', 'Syncs per minute', overview.syncsPerMinute)}</section><section>${barChart('errors', 'Errors per minute', overview.errorsPerMinute, 'bad')}</section></div>
<div class="grid">${serverSection(visit, overview)}${section(
    'Devices by protocol',
    table(
      'Devices by protocol',
      [
        {
          label: 'Protocol',
          cell: ({ protocol }) =>
            html`<a href="/admin/devices?protocol=${encodeURIComponent(protocol)}">${protocolName(protocol)}</a>`,
        },
        { label: 'Devices', kind: 'number' as const, cell: ({ devices: count }) => count },
      ],
      devices.byProtocol,
      'No device has come yet.',
    ),
  )}</div>`;
}

function tile(visit: Visit, call: AdministrationCall, path: string, count: number, words: string): Part {
  const inside = html`<b>${count}</b><span>${words}</span>`;
  return html`<li>${visit.can(call) ? html`<a href="${path}">${inside}</a>` : inside}</li>`;
}

function serverSection(visit: Visit, { disk, since, quotas }: Overview): Part {
  const free = disk !== null && `${bytesText(disk.freeBytes)} free of ${bytesText(disk.totalBytes)}`;
  return section(
    'Server',
    facts([
      ['Started', since !== null && when(since, visit.now)],
      ['Disk', disk !== null && diskBadge(disk.state)],
      ['Space', free],
      ['Full mailboxes', quotas.full > 0 && badge(String(quotas.full), 'bad')],
    ]),
  );
}
