import type { LiveConnection, OpenFolder } from '../../calls/services.ts';
import { html, type Part } from '../html.ts';
import { pathTo } from '../match-page.ts';
import { type Page, page, type Visit } from '../page.ts';
import { protocolName } from '../parts/device-parts.ts';
import { liveRegion } from '../parts/live-region.ts';
import { SERVICE_WORDS } from '../parts/service-words.ts';
import { table } from '../parts/table.ts';
import { badge, counted, host, section, when } from '../parts/texts.ts';
import { userChoice } from '../parts/user-choice.ts';
import { DEVICE_PATH } from './device-path.ts';

/** Who is connected now, and what they have open. */
export const CONNECTIONS_PAGE: Page = {
  path: '/admin/connections',
  needs: 'connectionList',
  menu: { group: 'Server', label: 'Connections' },
  async show(visit) {
    const shown = visit.query.get('address') ?? '';
    const address = shown || null;
    const connections = await visit.calls.connectionList({ address });
    const folders = visit.can('openFolderList') ? await visit.calls.openFolderList({ address }) : null;
    return page(
      'Connections',
      html`${userChoice(visit, shown, 'Only of')}${liveRegion(visit, 'live', 3, [
        section('Live connections', connectionTable(visit, connections)),
        folders !== null && section('Opened folders', folderTable(visit, folders)),
      ])}`,
    );
  },
};

/** The server gives no more than this at once. */
const MOST = 1000;

function cutNote(count: number): Part {
  return count >= MOST && html`<p class="hint">The first ${MOST}; name a user to see all of theirs.</p>`;
}

function connectionTable(visit: Visit, connections: readonly LiveConnection[]): Part {
  return [
    html`<p class="muted">${counted(connections.length, 'connection')}, ${connections.filter(({ isWaiting }) => isWaiting).length} of them waiting to be told of changes.</p>`,
    table(
      'Live connections',
      [
        { label: 'User', kind: 'who', cell: ({ user }) => user ?? html`<span class="muted">not signed in</span>` },
        { label: 'Client', cell: (connection) => clientOf(visit, connection) },
        { label: 'Service', cell: serviceOf },
        { label: 'From', cell: ({ from }) => host(from || 'a socket file') },
        { label: 'Does', cell: (connection) => doingOf(visit, connection) },
        { label: 'Since', cell: ({ since }) => when(since, visit.now) },
      ],
      connections,
      'Nobody is connected.',
    ),
    cutNote(connections.length),
  ];
}

function clientOf(visit: Visit, { user, device, agent }: LiveConnection): Part {
  const program = agent === '' ? html`<span class="muted">did not say</span>` : agent.slice(0, 80);
  return device === null ? program : html`${deviceLink(visit, user, device)} ${program}`;
}

function deviceLink(visit: Visit, user: string | null, device: string): Part {
  if (user === null || !visit.can('deviceShow')) return html`<span class="mono">${device}</span>`;
  return html`<a class="mono" href="${pathTo(DEVICE_PATH, user, device)}">${device}</a>`;
}

function serviceOf({ service, protocol, isSecure }: LiveConnection): Part {
  const name = protocol !== null ? protocolName(protocol) : service !== null ? SERVICE_WORDS[service] : '–';
  return [name, ' ', isSecure ? badge('encrypted', 'good') : badge('not encrypted', 'warn')];
}

function doingOf(visit: Visit, { doing, isWaiting, doingSince }: LiveConnection): Part {
  const words = doing === null ? 'nothing' : isWaiting ? `${doing}, waits` : doing;
  return html`${words}, ${when(doingSince, visit.now)}`;
}

function folderTable(visit: Visit, folders: readonly OpenFolder[]): Part {
  return [
    table(
      'Opened folders',
      [
        { label: 'Folder', cell: ({ folder }) => folder ?? html`<span class="muted">gone</span>` },
        { label: 'User', cell: ({ user }) => user },
        {
          label: 'Client',
          cell: ({ user, device, protocol }) =>
            device === null
              ? protocolName(protocol)
              : html`${protocolName(protocol)} ${deviceLink(visit, user, device)}`,
        },
        { label: 'From', cell: ({ from }) => host(from) },
        {
          label: 'State',
          cell: ({ isWatched }) => (isWatched ? badge('waits for changes', 'good') : badge('looked at', 'idle')),
        },
        { label: 'Last looked at', cell: ({ at }) => when(at, visit.now) },
      ],
      folders,
      'No folder was looked at within the last five minutes.',
    ),
    cutNote(folders.length),
  ];
}
