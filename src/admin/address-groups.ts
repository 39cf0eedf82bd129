import {
  ADDRESS_GROUPS_SETTING,
  type AddressGroups,
  rangeProblem,
  readAddressGroups,
} from '../config/address-groups.ts';
import { type AllServices, readServices, SERVICE_NAMES, SERVICES_SETTING } from '../config/service-settings.ts';
import { groupName } from '../config/user-groups.ts';
import { GatewayError } from '../domain/errors.ts';
import { acting } from '../observe/acting.ts';
import type { AddressGroup, ServiceCalls, ServiceName } from './calls/services.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';
import { requireOwnReach } from './own-reach.ts';

const MOST_RANGES = 1_000;

/** The calls about named sets of addresses. */
export function addressGroupCalls({
  stores: { directory },
  log,
  live,
}: AdministrationParts): Pick<ServiceCalls, 'addressGroupList' | 'addressGroupSet'> {
  const groups = async (): Promise<AddressGroups> => readAddressGroups(await directory.setting(ADDRESS_GROUPS_SETTING));
  const services = async () => readServices(await directory.setting(SERVICES_SETTING));

  return {
    async addressGroupList() {
      const used = await services();
      const all = Object.entries(await groups()).map(([name, ranges]) => groupOf(name, ranges, used));
      return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },

    async addressGroupSet({ name, ranges: given }) {
      checkName(name);
      const ranges = checkedRanges(given);
      const { [name]: present, ...others } = await groups();
      if (present === undefined && ranges.length === 0) throw noGroup(name);
      const group = groupOf(name, ranges, await services());
      if (ranges.length === 0 && group.usedBy.length > 0) {
        const reason = `${group.usedBy.join(', ')} would serve nobody`;
        const message = `The address group "${name}" cannot be removed: ${reason}. Limit it to another group first, or to none.`;
        throw new GatewayError('protected', { what: `address group ${name}`, reason }, message);
      }
      if (group.usedBy.includes('admin')) requireOwnReach(ranges);
      const changed = ranges.length === 0 ? others : { ...others, [name]: ranges };
      await directory.setSetting(ADDRESS_GROUPS_SETTING, changed, acting().user);
      configLog(log)({ group: name, ranges }, 'address group set');
      await live?.reload();
      return { group, warnings: warningsOf(group) };
    },
  };
}

function noGroup(name: string): GatewayError {
  const message = `There is no address group "${name}" to be removed; "address-group list" shows which there are.`;
  return new GatewayError('item-not-found', { item: `address group ${name}` }, message);
}

function groupOf(name: string, ranges: readonly string[], services: AllServices): AddressGroup {
  const usedBy = SERVICE_NAMES.filter((service: ServiceName) => services[service].addressGroup === name);
  return { name, ranges, usedBy };
}

function warningsOf({ ranges, usedBy }: AddressGroup): readonly string[] {
  if (usedBy.length === 0) return [];
  return [`From now on ${usedBy.join(', ')} ${usedBy.length === 1 ? 'serves' : 'serve'} ${ranges.join(', ')} alone.`];
}

/** @throws GatewayError 'name-invalid' */
function checkName(name: unknown): void {
  if (typeof name === 'string' && groupName(name) !== null) return;
  const reason = 'a name of a group begins with a letter or a digit and has at most 64 of letters, digits, ". _-"';
  throw new GatewayError(
    'name-invalid',
    { name: String(name), reason },
    `"${String(name)}" cannot be used: ${reason}.`,
  );
}

/** Each once, in the order given. @throws GatewayError 'object-invalid' */
function checkedRanges(given: unknown): readonly string[] {
  const list = Array.isArray(given) ? given : [given];
  const problems = list.flatMap((range) =>
    typeof range === 'string' ? (rangeProblem(range) ?? []) : 'what is given is no list of texts',
  );
  if (list.length > MOST_RANGES) problems.push(`there are more than ${MOST_RANGES} ranges`);
  if (problems.length === 0) return [...new Set(list as string[])];
  const reason = problems.join('; ');
  throw new GatewayError('object-invalid', { reason }, `The address group cannot be set: ${reason}.`);
}
