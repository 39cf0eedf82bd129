import type { MailboxId } from '../domain/mailbox.ts';
import type { Device, DeviceAccessState, WipeState } from './device-store.ts';

/** Which devices: every part that is given must fit. */
export interface DeviceFilter {
  /**
   * Words, all of which stand somewhere in what is known of a device: owner, id, type, agent, what it told, address. Case does
   * not count. At most `MAX_SEARCH_WORDS` of them are looked at.
   */
  readonly text?: string;
  readonly mailboxId?: MailboxId;
  /** The owner's, lower case. */
  readonly domain?: string;
  readonly protocol?: string;
  readonly access?: DeviceAccessState;
  /** State of its wipe; null: that there is one at all. */
  readonly wipe?: WipeState | null;
}

export interface DeviceQuery extends DeviceFilter {
  /** 'contact': newest contact first; 'owner': by the owner's address. */
  readonly order: 'contact' | 'owner';
  /** `next` of the page before, of the same query; null begins. */
  readonly after: string | null;
  /** 1 to 500. */
  readonly limit: number;
}

export interface RegisteredDevice {
  readonly mailboxId: MailboxId;
  readonly device: Device;
}

export interface DevicePage {
  readonly devices: readonly RegisteredDevice[];
  /** Null when this was the last page. */
  readonly next: string | null;
}

/** How many devices of a protocol there are. */
export interface DeviceCount {
  readonly protocol: string;
  readonly byAccess: Readonly<Record<DeviceAccessState, number>>;
}

/**
 * All devices of all mailboxes, as committed: what `DeviceWriter` writes is here in the same transaction. No question reads
 * more of the register than it must; 100,000 devices are its measure.
 */
export interface DeviceRegister {
  /** Throws TypeError for a limit out of range; rejects 'content-invalid' for a cursor that is none. */
  list(query: DeviceQuery): Promise<DevicePage>;
  count(filter: DeviceFilter): Promise<number>;
  /** Of all devices, by protocol in order of its name; by one index. */
  counts(): Promise<readonly DeviceCount[]>;
}
