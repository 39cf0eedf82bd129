import type { PolicyScope } from '../../config/device-policies.ts';
import type { DeviceError } from '../../devices/device-activity.ts';
import type { DeviceKind } from '../../devices/device-kind.ts';
import type { PolicyStanding } from '../../devices/policy-standing.ts';
import type { FolderId } from '../../domain/folder.ts';
import type {
  Device,
  DeviceAccess,
  DeviceAccessState,
  DeviceConflictRule,
  DevicePolicyState,
  DeviceWipe,
  WipeState,
} from '../../store/device-store.ts';
import type { QuarantineEntry } from './quarantine.ts';

export type { DeviceError } from '../../devices/device-activity.ts';

/** A device as an administrator sees it; times in milliseconds since 1970. */
export interface DeviceSummary
  extends Pick<
    Device,
    'protocol' | 'type' | 'agent' | 'version' | 'information' | 'firstSeenAt' | 'lastSeenAt' | 'remoteAddress'
  > {
  /** Address of its user. */
  readonly owner: string;
  /** Its id as it spells it. */
  readonly device: string;
  /** Folders, and views of folders, that it synchronises. */
  readonly folders: number;
  readonly access: DeviceAccessState;
  /** Which picture stands for it. */
  readonly kind: DeviceKind;
  /** How it stands, in a few words for people. */
  readonly status: string;
  /** The newest of its errors; null for none. */
  readonly lastError: DeviceError | null;
  /** State of its wipe; null: none. */
  readonly wipe: WipeState | null;
}

/** Whether the server can tell a device at once that something changed. */
export interface DevicePush {
  /** 'waiting': a request of it waits now; 'away': none does; 'never': none has. */
  readonly state: 'waiting' | 'away' | 'never';
  /** Since when that is so; null for 'never'. */
  readonly since: number | null;
  /** How long the request waits, or the last one waited, at most. */
  readonly heartbeatSeconds: number | null;
  /** The last 20 ends of waiting, newest first: when, and why in words. */
  readonly wakeUps: readonly { readonly at: number; readonly why: string }[];
}

/** How far a device has come with its policy. */
export interface DevicePolicyStanding {
  /** Whose policy is in force for it. */
  readonly from: PolicyScope;
  readonly state: PolicyStanding;
}

/** Which devices, in which order; null leaves a part open. */
export interface DeviceListQuery {
  readonly address: string | null;
  /** Words that stand anywhere in what is known of a device. */
  readonly text: string | null;
  readonly domain: string | null;
  readonly protocol: string | null;
  readonly access: DeviceAccessState | null;
  /** Newest contact first, or by user. */
  readonly order: 'contact' | 'owner';
  /** `next` of the page before; null begins. */
  readonly after: string | null;
  /** 1 to 500. */
  readonly limit: number;
}

/** A folder that a device synchronises. */
export interface SynchronisedFolder {
  readonly folderId: FolderId;
  readonly folder: string;
  /** When it was last synchronised, as long as the server runs; from before, when something was last told or done. Null: not known. */
  readonly lastSyncAt: number | null;
  /** What the device holds is known here, and can be begun again. */
  readonly hasState: boolean;
}

/** All that is known of a device. */
export interface DeviceDetails extends DeviceSummary {
  /** Its name in the mailbox. */
  readonly id: string;
  readonly aliases: readonly string[];
  /** Null before anything was decided: it may come in. */
  readonly decision: DeviceAccess | null;
  /** What let it in last: `password:<version>` (the account's own) or `app:<id>` of an app password; null before that was kept. */
  readonly credential: string | null;
  /** The newest of its folders' times. */
  readonly lastSyncAt: number | null;
  readonly synchronised: readonly SynchronisedFolder[];
  readonly quarantine: readonly QuarantineEntry[];
  /** The rule of the device itself, and what is in force for it; null: the client may choose, else the server wins. */
  readonly conflictRule: DeviceConflictRule | null;
  readonly conflictRuleInForce: DeviceConflictRule | null;
  readonly policy: DevicePolicyState;
  readonly policyStanding: DevicePolicyStanding;
  /** Its recovery password, which `recoveryPasswordShow` alone gives; null: there is none, or its policy asks for none. */
  readonly recoveryPassword: { readonly depositedAt: number } | null;
  /** The last 20, newest first. */
  readonly errors: readonly DeviceError[];
  readonly push: DevicePush;
  readonly wipeDetails: DeviceWipe | null;
  /** Earlier wipes, the oldest first. */
  readonly wipeHistory: readonly DeviceWipe[];
}

export interface DeviceListPage {
  readonly devices: readonly DeviceSummary[];
  /** To be given as `after`; null: there are no more. */
  readonly next: string | null;
}

/** The register of devices. */
export interface DeviceCalls {
  /** One page of the devices of one user or of all. */
  deviceList(input: DeviceListQuery): Promise<DeviceListPage>;
  deviceShow(input: { readonly address: string; readonly device: string }): Promise<DeviceDetails>;
  /** Lets a device in, or keeps it out, whatever the rules say; null leaves it to the rules again. Gives what holds now. */
  deviceDecide(input: {
    readonly address: string;
    readonly device: string;
    readonly access: DeviceAccessState | null;
    readonly why: string;
  }): Promise<DeviceAccess>;
  /**
   * Lets a quarantined device in as its owner's own word, where the rule that holds it leaves that to the owner. Rejects
   * 'access-denied' where it does not, and for a device that is blocked.
   */
  deviceApprove(input: { readonly address: string; readonly device: string }): Promise<DeviceAccess>;
  /** Makes a device read a folder anew, or with null all of them; nothing is lost. Gives how many there are. */
  deviceResync(input: {
    readonly address: string;
    readonly device: string;
    readonly folderId: FolderId | null;
  }): Promise<number>;
  /** Forgets a device and what it holds; when it comes again it begins anew. Rejects 'wipe-refused' while a wipe stands. */
  deviceRemove(input: { readonly address: string; readonly device: string }): Promise<void>;
}

export const DEVICE_CALLS = [
  'deviceList',
  'deviceShow',
  'deviceDecide',
  'deviceApprove',
  'deviceResync',
  'deviceRemove',
] as const satisfies readonly (keyof DeviceCalls)[];
