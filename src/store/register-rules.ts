import { domainOf } from '../domain/address.ts';
import { GatewayError } from '../domain/errors.ts';
import type { DeviceQuery } from './device-register.ts';
import type { Device, DeviceAccessState } from './device-store.ts';

const MAX_SEARCH_WORDS = 8;

const MAX_PAGE = 500;

/** Where a page ended: the last device's contact or owner, and its place among equals. */
export interface RegisterCursor {
  readonly key: number | string;
  readonly entry: number;
}

/** What devices are found by; lower case. */
export function searchTextOf(device: Device): string {
  const { owner = '', shownId, protocol, type, agent, information, remoteAddress } = device;
  const parts = [
    owner,
    shownId,
    ...device.aliases,
    protocol,
    type,
    agent,
    ...Object.values(information),
    remoteAddress,
  ];
  return [...new Set(parts.filter((part) => part !== '').map(folded))].join('\n');
}

/** The words of a search. */
export function searchWords(text: string | undefined): readonly string[] {
  const words = folded(text ?? '').split(/\s+/u);
  return [...new Set(words.filter((word) => word !== ''))].slice(0, MAX_SEARCH_WORDS);
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

export function ownersDomain({ owner = '' }: Pick<Device, 'owner'>): string {
  return domainOf(owner);
}

/** What nobody has decided about yet comes in. */
export function accessOf({ access }: Pick<Device, 'access'>): DeviceAccessState {
  return access?.state ?? 'allowed';
}

export function writeCursor({ key, entry }: RegisterCursor): string {
  return Buffer.from(JSON.stringify([key, entry])).toString('base64url');
}

/** @throws GatewayError 'content-invalid' */
export function readCursor({ after, order }: Pick<DeviceQuery, 'after' | 'order'>): RegisterCursor | null {
  if (after === null) return null;
  const [key, entry] = partsOf(after);
  const isKey = typeof key === (order === 'contact' ? 'number' : 'string');
  if (isKey && typeof entry === 'number') return { key: key as number | string, entry };
  const reason = 'this is no place in the list of devices';
  throw new GatewayError('content-invalid', { reason }, 'There is no such page; begin with the first one.');
}

function partsOf(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** @throws TypeError */
export function checkLimit({ limit }: Pick<DeviceQuery, 'limit'>): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE)
    throw new TypeError(`A page has 1 to ${MAX_PAGE} devices.`);
}
