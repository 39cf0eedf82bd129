import type { AddressGroup, ServiceSummary } from '../../calls/services.ts';
import { html, joined, type Part } from '../html.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { actionButton, button, check, choice, field, form, guarded, hidden } from '../parts/forms.ts';
import { liveRegion } from '../parts/live-region.ts';
import { requireSeen, seenMark } from '../parts/seen.ts';
import { SERVICE_WORDS } from '../parts/service-words.ts';
import { table } from '../parts/table.ts';
import { badge, section } from '../parts/texts.ts';

/** What is served: started, stopped, limited. */
export const SERVICES_PAGE: Page = {
  path: '/admin/services',
  needs: 'serviceList',
  menu: { group: 'Server', label: 'Services' },
  async show(visit) {
    const services = await visit.calls.serviceList({});
    const groups = visit.can('addressGroupList') ? await visit.calls.addressGroupList({}) : [];
    const settings = visit.can('serviceSet') && services.map((service) => settingsSection(visit, service, groups));
    return page(
      'Services',
      html`${liveRegion(visit, 'services', 5, [warnings(services), stateSection(visit, services)])}${settings !== false && html`<div class="grid">${settings}</div>`}`,
    );
  },
  actions: {
    async start(visit, sent) {
      const { name } = await visit.calls.serviceStart({ name: sent.text('name') });
      return done(`${SERVICE_WORDS[name]} runs.`);
    },
    async stop(visit, sent) {
      const { name } = await visit.calls.serviceStop({ name: sent.text('name') });
      return done(`${SERVICE_WORDS[name]} is stopped.`);
    },
    async set(visit, sent) {
      const present = (await visit.calls.serviceList({})).find((one) => one.name === sent.text('name'));
      if (present !== undefined) requireSeen(settingsOf(present), sent.text('seen'), 'The settings of the service');
      const service = {
        startsAutomatically: sent.flag('automatic'),
        maxConnections: sent.number('connections', 'The number of connections') ?? 0,
        addressGroup: sent.optional('group'),
      };
      const { name } = await visit.calls.serviceSet({ name: sent.text('name'), service });
      return done(`The settings of ${SERVICE_WORDS[name]} are in force.`);
    },
  },
};

function settingsOf({ startsAutomatically, maxConnections, addressGroup }: ServiceSummary) {
  return { startsAutomatically, maxConnections, addressGroup };
}

function warnings(services: readonly ServiceSummary[]): Part {
  const told = services.flatMap((service) => service.warnings);
  return told.map((warning) => html`<p class="box warning">${warning}</p>`);
}

function stateSection(visit: Visit, services: readonly ServiceSummary[]): Part {
  return html`<section aria-label="Services">${table(
    'Services',
    [
      { label: 'Service', cell: ({ name }) => SERVICE_WORDS[name] },
      { label: 'State', cell: stateBadge },
      { label: 'Listens at', cell: addresses },
      { label: 'Connections', cell: ({ connections, maxConnections }) => connectionsText(connections, maxConnections) },
      {
        label: 'Serves',
        cell: ({ addressGroup }) =>
          addressGroup === null ? 'every address' : html`only <a href="/admin/address-groups">${addressGroup}</a>`,
      },
      { label: 'Actions', kind: 'actions' as const, cell: (service) => switchOf(visit, service) },
    ],
    services,
  )}</section>`;
}

function stateBadge({ state, addresses: listening }: ServiceSummary): Part {
  if (state === 'unknown') return badge('no server runs', 'idle');
  if (listening.length === 0) return badge('not set up', 'idle');
  return state === 'running' ? badge('running', 'good') : badge('stopped', 'bad');
}

function addresses({ addresses: listening }: ServiceSummary): Part {
  if (listening.length === 0) return html`<span class="muted">nowhere, by the configuration</span>`;
  const each = listening.map((address) => html`<span class="mono">${address}</span>`);
  return joined(each, html`<br>`);
}

function connectionsText(now: number, most: number): string {
  return most === 0 ? `${now}, no limit` : `${now} of ${most}`;
}

function switchOf(visit: Visit, { name, state, addresses: listening }: ServiceSummary): Part {
  if (listening.length === 0) return null;
  const about = SERVICE_WORDS[name];
  if (state === 'stopped') {
    return visit.can('serviceStart') && actionButton(visit, 'start', 'Start', { name }, { about, kind: 'primary' });
  }
  // These pages cannot be stopped from themselves (ServiceCalls.serviceStop).
  if (state !== 'running' || name === 'admin' || !visit.can('serviceStop')) return null;
  const stop = actionButton(visit, 'stop', 'Stop it', { name }, { about, kind: 'danger' });
  return guarded(`Stop ${about.split(/[:,]/u)[0]!}`, [
    html`<p>Open connections end; clients are told to come again later.</p>`,
    stop,
  ]);
}

function settingsSection(visit: Visit, service: ServiceSummary, groups: readonly AddressGroup[]): Part {
  const { name, startsAutomatically, maxConnections, addressGroup } = service;
  const names = groups.map((group): [string, string] => [group.name, `only ${group.name}`]);
  return section(
    SERVICE_WORDS[name],
    [
      form(
        visit,
        'set',
        (own) => [
          hidden('seen', seenMark(settingsOf(service))),
          check(own, 'automatic', 'Runs when the server starts', startsAutomatically, { id: `f-${name}-automatic` }),
          field(own, 'connections', 'Connections at one time', {
            ...{ value: maxConnections, type: 'number', min: 0, id: `f-${name}-connections`, hint: '0 is no limit.' },
          }),
          choice(own, 'group', 'Serves', [['', 'every address'], ...names], addressGroup ?? '', {
            id: `f-${name}-group`,
          }),
          button('Save', '', SERVICE_WORDS[name]),
        ],
        { fields: { name } },
      ),
    ],
    `service-${name}`,
  );
}
