import { ADDRESS_GROUPS_SETTING, type AddressGroups, readAddressGroups } from '../config/address-groups.ts';
import {
  type AllServices,
  isServiceName,
  readService,
  readServices,
  SERVICE_NAMES,
  SERVICES_SETTING,
  type ServiceName,
  type ServiceSettings,
  ServiceSettingsError,
} from '../config/service-settings.ts';
import { GatewayError } from '../domain/errors.ts';
import { acting } from '../observe/acting.ts';
import type { ServiceCalls, ServiceSummary } from './calls/services.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';
import type { LiveServices } from './live-services.ts';
import { requireOwnReach } from './own-reach.ts';
import { refusingProblems } from './refusing-problems.ts';

/** The calls about what is served. */
export function serviceCalls(
  parts: AdministrationParts,
): Pick<ServiceCalls, 'serviceList' | 'serviceSet' | 'serviceStart' | 'serviceStop'> {
  const { log, stores } = parts;
  const { directory } = stores;
  const tell = configLog(log);
  const kept = async () => ({
    services: readServices(await directory.setting(SERVICES_SETTING)),
    groups: readAddressGroups(await directory.setting(ADDRESS_GROUPS_SETTING)),
  });
  const summary = async (name: ServiceName) => summaryOf(name, await kept(), parts.live);

  return {
    async serviceList() {
      const all = await kept();
      return SERVICE_NAMES.map((name) => summaryOf(name, all, parts.live));
    },

    async serviceSet({ name: given, service: value }) {
      const name = checkedName(given);
      const service = checkedService(value);
      const { services, groups } = await kept();
      const { addressGroup } = service;
      if (addressGroup !== null && !Object.hasOwn(groups, addressGroup)) throw noGroup(addressGroup);
      if (name === 'admin' && addressGroup !== null) requireOwnReach(groups[addressGroup] ?? []);
      await directory.setSetting(SERVICES_SETTING, { ...services, [name]: service }, acting().user);
      tell({ service: name, ...service }, 'service set');
      await parts.live?.reload();
      return summary(name);
    },

    async serviceStart({ name: given }) {
      const name = checkedName(given);
      await liveOf(parts).start(name);
      tell({ service: name }, 'service started');
      return summary(name);
    },

    async serviceStop({ name: given, alsoAdmin }) {
      const name = checkedName(given);
      if (name === 'admin' && alsoAdmin !== true) throw adminStays();
      await liveOf(parts).stop(name);
      tell({ service: name }, 'service stopped');
      return summary(name);
    },
  };
}

function adminStays(): GatewayError<'protected'> {
  const reason = 'it is what you would start it again with';
  const message = `The service admin is not stopped from itself, since ${reason}. Stop it on the server's machine: causeway service stop admin.`;
  return new GatewayError('protected', { what: 'the service admin', reason }, message);
}

/** @throws GatewayError 'store-unavailable' */
function liveOf({ live }: AdministrationParts): LiveServices {
  if (live !== undefined) return live;
  const reason = 'no server runs on this data folder, so there is nothing to start or stop';
  const message = `Not done: ${reason}. What runs when it starts is set by "service set NAME --automatic yes|no".`;
  throw new GatewayError('store-unavailable', { reason }, message);
}

function summaryOf(
  name: ServiceName,
  { services, groups }: { services: AllServices; groups: AddressGroups },
  live: LiveServices | undefined,
): ServiceSummary {
  const service = services[name];
  return {
    name,
    ...service,
    state: live === undefined ? 'unknown' : live.isRunning(name) ? 'running' : 'stopped',
    addresses: live?.addressesOf(name) ?? [],
    connections: live?.connectionsOf(name) ?? 0,
    warnings: warningsOf(name, service, groups),
  };
}

/** What is allowed, and yet may not be what was meant. */
function warningsOf(name: ServiceName, service: ServiceSettings, groups: AddressGroups): readonly string[] {
  const warnings: string[] = [];
  const { addressGroup, startsAutomatically } = service;
  if (addressGroup !== null) {
    const ranges = Object.hasOwn(groups, addressGroup) ? (groups[addressGroup] ?? []) : [];
    if (ranges.length === 0) warnings.push(`The address group "${addressGroup}" is empty: ${name} serves nobody.`);
    else if (name === 'admin') {
      warnings.push(
        `The pages and the Admin API are served to ${ranges.join(', ')} alone; the command line on the server's machine always works.`,
      );
    }
  }
  if (name === 'admin' && !startsAutomatically) {
    warnings.push('After the next start of the server only "causeway service start admin" brings the pages back.');
  }
  return warnings;
}

/** @throws GatewayError 'item-not-found' */
function checkedName(name: unknown): ServiceName {
  if (isServiceName(name)) return name;
  const item = `service ${String(name)}`;
  const message = `There is no service "${String(name)}"; there are: ${SERVICE_NAMES.join(', ')}.`;
  throw new GatewayError('item-not-found', { item }, message);
}

const checkedService = refusingProblems(readService, ServiceSettingsError);

function noGroup(name: string): GatewayError<'item-not-found'> {
  const message = `There is no address group "${name}"; "address-group set" makes one.`;
  return new GatewayError('item-not-found', { item: `address group ${name}` }, message);
}
