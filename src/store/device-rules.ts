import type { Device } from './device-store.ts';

/** Throws TypeError for a device that could not be found by its own id. */
export function checkDevice({ id, aliases }: Device): void {
  if (!aliases.includes(id)) throw new TypeError(`The device "${id}" must have its id among its aliases.`);
}

/** What the names of a device's own documents, operations and views of folders begin with. */
export function ownPrefix(deviceId: string): string {
  return `${deviceId}/`;
}
