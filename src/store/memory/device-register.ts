import type { MailboxId } from '../../domain/mailbox.ts';
import type { DeviceFilter, DeviceRegister, RegisteredDevice } from '../device-register.ts';
import type { DeviceAccessState } from '../device-store.ts';
import {
  accessOf,
  checkLimit,
  ownersDomain,
  readCursor,
  searchTextOf,
  searchWords,
  writeCursor,
} from '../register-rules.ts';
import type { MailboxView } from './mailbox-state.ts';

interface Entry extends RegisteredDevice {
  readonly entry: number;
}

/** The register over the mailboxes as they are committed. */
export function createMemoryDeviceRegister(
  mailboxes: () => readonly { readonly id: MailboxId; readonly view: MailboxView }[],
): DeviceRegister {
  const entries = new Map<string, number>();
  const entryOf = (name: string): number => {
    const entry = entries.get(name) ?? entries.size + 1;
    entries.set(name, entry);
    return entry;
  };
  const found = (filter: DeviceFilter): Entry[] =>
    mailboxes()
      .flatMap(({ id: mailboxId, view }) => [...view.devices.values()].map((device) => ({ mailboxId, device })))
      .map((entry) => ({ ...entry, entry: entryOf(`${entry.mailboxId}/${entry.device.id}`) }))
      .filter((entry) => fits(entry, filter));
  return {
    async list(query) {
      checkLimit(query);
      const cursor = readCursor(query);
      const isByContact = query.order === 'contact';
      const keyOf = ({ device }: Entry) => (isByContact ? device.lastSeenAt : (device.owner ?? ''));
      const compare = (a: Place, b: Place) => (isByContact ? comparePlaces(b, a) : comparePlaces(a, b));
      const places = found(query).map((at) => ({ key: keyOf(at), entry: at.entry, at }));
      places.sort(compare);
      const rest = cursor === null ? places : places.filter((place) => compare(cursor, place) < 0);
      const page = rest.slice(0, query.limit);
      const last = rest.length > query.limit ? page.at(-1) : undefined;
      return {
        devices: page.map(({ at: { mailboxId, device } }) => ({ mailboxId, device: structuredClone(device) })),
        next: last === undefined ? null : writeCursor(last),
      };
    },
    count: async (filter) => found(filter).length,
    async counts() {
      const counts = new Map<string, Record<DeviceAccessState, number>>();
      for (const { device } of found({})) {
        const byAccess = counts.get(device.protocol) ?? { allowed: 0, quarantined: 0, blocked: 0 };
        byAccess[accessOf(device)] += 1;
        counts.set(device.protocol, byAccess);
      }
      return [...counts]
        .map(([protocol, byAccess]) => ({ protocol, byAccess }))
        .toSorted((a, b) => (a.protocol < b.protocol ? -1 : 1));
    },
  };
}

interface Place {
  readonly key: string | number;
  readonly entry: number;
}

function comparePlaces(a: Place, b: Place): number {
  if (a.key === b.key) return a.entry - b.entry;
  return typeof a.key === 'number' && typeof b.key === 'number'
    ? a.key - b.key
    : Buffer.compare(Buffer.from(String(a.key)), Buffer.from(String(b.key)));
}

function fits({ mailboxId, device }: RegisteredDevice, filter: DeviceFilter): boolean {
  const text = searchTextOf(device);
  return (
    (filter.mailboxId ?? mailboxId) === mailboxId &&
    (filter.domain ?? ownersDomain(device)) === ownersDomain(device) &&
    (filter.protocol ?? device.protocol) === device.protocol &&
    (filter.access ?? accessOf(device)) === accessOf(device) &&
    (filter.wipe === undefined || device.wipe !== undefined) &&
    (filter.wipe ?? device.wipe?.state) === device.wipe?.state &&
    searchWords(filter.text).every((word) => text.includes(word))
  );
}
