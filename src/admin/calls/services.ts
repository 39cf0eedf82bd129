import type { ServiceName, ServiceSettings } from '../../config/service-settings.ts';
import type { DeviceAccessState } from '../../store/device-store.ts';
import type { DiskStatus } from './watch.ts';

export type { ServiceName, ServiceSettings } from '../../config/service-settings.ts';

/** A service, as it is set and as it is now. */
export interface ServiceSummary extends ServiceSettings {
  readonly name: ServiceName;
  /** 'unknown' where no server runs. */
  readonly state: 'running' | 'stopped' | 'unknown';
  /** Where it listens, by the start-up configuration; empty: it is not served at all. */
  readonly addresses: readonly string[];
  /** Open now. */
  readonly connections: number;
  /** What an administrator should know, e.g. that its address group is empty: sentences. */
  readonly warnings: readonly string[];
}

/** A connection that is open now. */
export interface LiveConnection {
  /** Of this start of the server only. */
  readonly id: string;
  /** Of the service that it used last; null before it asked anything. */
  readonly service: ServiceName | null;
  /** As the log spells it, e.g. `activesync`, `webdav`, `lmtp`; null before it asked anything. */
  readonly protocol: string | null;
  /** local@domain; null before a sign-in. */
  readonly user: string | null;
  /** Id of the device, where its protocol names one. */
  readonly device: string | null;
  /** What the client calls itself: User-Agent, or the name it greeted with. */
  readonly agent: string;
  readonly isSecure: boolean;
  /** The client's address, as trusted front ends tell it; '' for a socket file. */
  readonly from: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Command or method under way; null: nothing, the client may ask again. */
  readonly doing: string | null;
  /** Whether that waits for something to happen. */
  readonly isWaiting: boolean;
  /** Since when it is doing so, or doing nothing. */
  readonly doingSince: number;
}

/** A folder that a client has open: it waits for its changes, or looked at it within the last five minutes. */
export interface OpenFolder {
  /** local@domain of whoever has it open. */
  readonly user: string;
  readonly protocol: string;
  /** Id of the device; null where its protocol names none. */
  readonly device: string | null;
  readonly from: string;
  readonly folderId: number;
  /** Name of the folder, with those it lies in, `A/B`; null: it is gone. */
  readonly folder: string | null;
  /** Whether a request waits for its changes now. */
  readonly isWatched: boolean;
  /** When it was last looked at; milliseconds since 1970. */
  readonly at: number;
}

/** A named set of addresses and ranges. */
export interface AddressGroup {
  readonly name: string;
  /** `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`. */
  readonly ranges: readonly string[];
  /** Services that are limited to it. */
  readonly usedBy: readonly ServiceName[];
}

/** All at one glance. */
export interface Overview {
  readonly devices: {
    readonly total: number;
    readonly byAccess: Readonly<Record<DeviceAccessState, number>>;
    readonly byProtocol: readonly { readonly protocol: string; readonly devices: number }[];
  };
  /** By minute, the present one last: 60 numbers. Sync of ActiveSync; PROPFIND and REPORT of DAV. */
  readonly syncsPerMinute: readonly number[];
  /** By minute: answers of 500 and more, and what devices show as their errors. */
  readonly errorsPerMinute: readonly number[];
  /** When the present minute began; milliseconds since 1970. */
  readonly minuteAt: number;
  /** Requests that wait for something to happen. */
  readonly parked: number;
  readonly connections: number;
  /** Null where no server looks. */
  readonly disk: DiskStatus | null;
  readonly quotas: {
    /** Mailboxes at or beyond the share from which their owners are warned, and those that are full. */
    readonly warned: number;
    readonly full: number;
  };
  /** When the server was started; null where none runs. */
  readonly since: number | null;
}

/** What is served, to whom, and who uses it now. */
export interface ServiceCalls {
  serviceList(input: Record<string, never>): Promise<readonly ServiceSummary[]>;
  /** In force at once. Rejects 'item-not-found' (no such service or address group), 'object-invalid'. */
  serviceSet(input: { readonly name: string; readonly service: ServiceSettings }): Promise<ServiceSummary>;
  /** Rejects 'item-not-found', 'store-unavailable' where no server runs. */
  serviceStart(input: { readonly name: string }): Promise<ServiceSummary>;
  /**
   * Rejects also 'protected': the administration is not stopped from itself, but by whoever says `alsoAdmin`, as the command line does.
   */
  serviceStop(input: { readonly name: string; readonly alsoAdmin?: boolean }): Promise<ServiceSummary>;
  /** The newest 1,000, of one user or, with null, of all; none where no server runs. */
  connectionList(input: { readonly address: string | null }): Promise<readonly LiveConnection[]>;
  /** The 1,000 that were looked at last, of one user or, with null, of all; none where no server runs. */
  openFolderList(input: { readonly address: string | null }): Promise<readonly OpenFolder[]>;
  /** By name. */
  addressGroupList(input: Record<string, never>): Promise<readonly AddressGroup[]>;
  /**
   * Sets what is in a group, in force at once; nothing removes it, unless a service is limited to it: 'protected'. `warnings` says
   * whom that shuts out. Rejects 'name-invalid', 'object-invalid' naming each range that is none.
   */
  addressGroupSet(input: {
    readonly name: string;
    readonly ranges: readonly string[];
  }): Promise<{ readonly group: AddressGroup; readonly warnings: readonly string[] }>;
  overview(input: Record<string, never>): Promise<Overview>;
}

export const SERVICE_CALLS = [
  'serviceList',
  'serviceSet',
  'serviceStart',
  'serviceStop',
  'connectionList',
  'openFolderList',
  'addressGroupList',
  'addressGroupSet',
  'overview',
] as const satisfies readonly (keyof ServiceCalls)[];
