import { BlockList, isIP } from 'node:net';
import { addRange } from './settings-schema.ts';

/** Where the run-time setting is kept: names of groups, each with addresses and ranges. */
export const ADDRESS_GROUPS_SETTING = 'address.groups';

export type AddressGroups = Readonly<Record<string, readonly string[]>>;

/** What is kept; what is no group in it is left out, so that what is limited to it serves nobody. */
export function readAddressGroups(value: unknown): AddressGroups {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const groups: Record<string, readonly string[]> = {};
  for (const [name, ranges] of Object.entries(value)) {
    if (!Array.isArray(ranges)) continue;
    groups[name] = ranges.filter((range): range is string => typeof range === 'string' && rangeProblem(range) === null);
  }
  return groups;
}

/** Why a text is no address and no range; null: it is one. */
export function rangeProblem(text: string): string | null {
  try {
    addRange(new BlockList(), text);
    return null;
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

/** Whether addresses are within ranges. What is no address is within none. */
export function addressMatcher(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges) addRange(list, range);
  return (address) => {
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
}
