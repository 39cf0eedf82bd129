import { checkDevice, ownPrefix } from '../device-rules.ts';
import type { Device, DeviceReader, DeviceWriter } from '../device-store.ts';
import { nameTaken } from '../refusals.ts';
import type { MailboxDraft, MailboxView } from './mailbox-state.ts';
import { forgetPartnership } from './partnership-writes.ts';
import type { Table } from './table.ts';

/** Reads devices, documents and done operations. `peek` is asked at every call and gives null when the mailbox is gone. */
export function createDeviceReads(peek: () => MailboxView | null): DeviceReader {
  return {
    async deviceByAlias(alias) {
      for (const device of peek()?.devices.values() ?? []) if (device.aliases.includes(alias)) return device;
      return null;
    },
    async devices() {
      return [...(peek()?.devices.values() ?? [])].sort((a, b) => compareBytes(a.id, b.id));
    },
    async document(name) {
      const row = peek()?.documents.get(name);
      return row === undefined ? null : JSON.parse(row.json);
    },
    async documents(prefix) {
      const found = [...(peek()?.documents.values() ?? [])].filter(({ name }) => name.startsWith(prefix));
      found.sort((a, b) => compareBytes(a.name, b.name));
      return found.map(({ name, json }) => ({ name, value: JSON.parse(json) as unknown }));
    },
    async doneOperation(name) {
      const row = peek()?.doneOperations.get(name);
      return row === undefined ? null : { name, at: row.at, result: JSON.parse(row.json) };
    },
  };
}

/** Writes devices, documents and done operations of a draft. */
export function createDeviceWrites(open: () => MailboxDraft): Omit<DeviceWriter, keyof DeviceReader> {
  return {
    putDevice: async (device) => putDevice(open(), device),
    removeDevice: async (id) => removeDevice(open(), id),
    async putDocument(name, value) {
      const { documents } = open();
      if (value === null || value === undefined) documents.delete(name);
      else documents.set(name, { name, json: JSON.stringify(value) });
    },
    async putDoneOperation({ name, at, result }) {
      open().doneOperations.set(name, { name, at, json: JSON.stringify(result ?? null) });
    },
    removeDoneOperation: async (name) => open().doneOperations.delete(name),
    async dropDoneOperations(before) {
      const { doneOperations } = open();
      const old = [...doneOperations.values()].filter(({ at }) => at < before);
      for (const { name } of old) doneOperations.delete(name);
      return old.length;
    },
  };
}

function putDevice(draft: MailboxDraft, device: Device): void {
  checkDevice(device);
  for (const other of draft.devices.values()) {
    const taken = other.id === device.id ? undefined : device.aliases.find((alias) => other.aliases.includes(alias));
    if (taken !== undefined) throw nameTaken(taken);
  }
  draft.devices.set(device.id, structuredClone(device));
}

function removeDevice(draft: MailboxDraft, id: string): void {
  const prefix = ownPrefix(id);
  draft.devices.delete(id);
  draft.activity.delete(id);
  for (const { folderId, device } of [...draft.partnerships.values()]) {
    if (device === id || device.startsWith(prefix)) forgetPartnership(draft, folderId, device);
  }
  removeBelow(draft.documents, prefix);
  removeBelow(draft.doneOperations, prefix);
}

function removeBelow(table: Table<string, { readonly name: string }>, prefix: string): void {
  for (const { name } of [...table.values()]) if (name.startsWith(prefix)) table.delete(name);
}

/** The order of text everywhere in the stores: by UTF-8 bytes. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
