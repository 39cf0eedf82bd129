import type { DeviceAccessRules } from '../config/device-access.ts';
import type { DevicePolicy } from '../config/device-policy.ts';
import type { UserGroups } from '../config/user-groups.ts';
import type { Folder, FolderId, NewFolder } from '../domain/folder.ts';
import type { ItemFlags, ItemId } from '../domain/item.ts';
import type { CalendarKind, FolderRole, ItemClass } from '../domain/item-class.ts';
import type { KeptMessage } from '../mail/kept-messages.ts';
import type { LogPage } from '../observe/files/read-log.ts';
import type { RecordingFile } from '../recorder/recorder.ts';
import type { RecordingChoice, RecordingSummary } from '../recorder/recording-types.ts';
import type { DeviceAccess, DeviceAccessState, DeviceConflictRule, DevicePolicyState } from '../store/device-store.ts';

/** Called now and then during long work. `total` may grow. */
export type Progress = (done: number, total: number) => void;

export interface UserSummary {
  /** local@domain, lower case. */
  readonly address: string;
  readonly displayName: string | null;
  readonly isAdmin: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export type FolderSummary = NewFolder & Pick<Folder, 'id'>;

/** The folder that an import wants. */
export interface FolderWish {
  readonly itemClass: ItemClass;
  /** A default folder, which is there; else null. */
  readonly role: FolderRole | null;
  /** Where it lies; null is the top. */
  readonly parentId: FolderId | null;
  /** DAV name or shown name; ignored where a role is given. */
  readonly name: string;
  /** What it gets when it must be created. */
  readonly displayName: string | null;
  readonly components: readonly CalendarKind[];
  readonly properties: Readonly<Record<string, string>>;
}

export interface ImportBatchEntry {
  readonly content: Uint8Array;
  readonly contentType: string;
  /** The DAV name it should have where that is free. */
  readonly name?: string;
  readonly flags?: ItemFlags;
}

/** What became of one entry. `line` counts from 1 within the entry's content. */
export type ImportBatchOutcome =
  | { readonly kind: 'created' | 'replaced' | 'unchanged' }
  | { readonly kind: 'refused'; readonly reason: string; readonly line?: number };

export interface ExportedItem {
  readonly id: ItemId;
  readonly name: string;
  readonly size: number;
  readonly flags: ItemFlags;
  /** Names the state of the bytes; given back when asking for chunks. */
  readonly revision: string;
  /** Exactly as stored; null when it is large and must be asked for in chunks. */
  readonly content: Uint8Array | null;
}

export interface ExportPage {
  readonly items: readonly ExportedItem[];
  /** Give as `after` for the next page; null when this was the last. */
  readonly next: ItemId | null;
}

/** A device as an administrator sees it; times in milliseconds since 1970. */
export interface DeviceSummary {
  /** Address of its user. */
  readonly owner: string;
  /** Its id as it spells it. */
  readonly device: string;
  readonly protocol: string;
  readonly type: string;
  readonly agent: string;
  readonly version: string | null;
  readonly information: Readonly<Record<string, string>>;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly remoteAddress: string;
  /** Folders, and views of folders, that it synchronises. */
  readonly folders: number;
  readonly access: DeviceAccessState;
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

/** A folder that a device synchronises; one folder may be several for it. */
export interface SynchronisedFolder {
  readonly folderId: FolderId;
  readonly folder: string;
  /** When something was last told or done; null where nothing was yet. */
  readonly lastSyncAt: number | null;
}

/** All that is known of a device. */
export interface DeviceDetails extends DeviceSummary {
  /** Its name in the mailbox. */
  readonly id: string;
  readonly aliases: readonly string[];
  /** Null before anything was decided: it may come in. */
  readonly decision: DeviceAccess | null;
  /** The newest of its folders' times. */
  readonly lastSyncAt: number | null;
  readonly synchronised: readonly SynchronisedFolder[];
  readonly quarantine: readonly QuarantineEntry[];
  /** The rule of the device itself, and what is in force for it; null: the client may choose, else the server wins. */
  readonly conflictRule: DeviceConflictRule | null;
  readonly conflictRuleInForce: DeviceConflictRule | null;
  readonly policy: DevicePolicyState;
}

/** The version that lost a conflict. */
export interface ConflictEntry {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly device: string;
  readonly folder: string;
  readonly itemId: ItemId;
  /** Whose version lost. */
  readonly side: 'client' | 'server';
  readonly rule: string;
  readonly contentType: string;
  readonly lost: string;
  /** What is in its place now; null when that is gone. */
  readonly present: string | null;
}

/** An item that a device does not get as it is. */
export interface QuarantineEntry {
  readonly device: string;
  readonly folder: string;
  readonly itemId: ItemId;
  /** Whether the device holds an earlier revision. */
  readonly isHeld: boolean;
  /** 'refused': it cannot be shown there; 'failed': showing it failed; 'repeats': the device kept repeating itself over it. */
  readonly reason: 'refused' | 'failed' | 'repeats';
}

/** Which quarantine: of one device or all, one item or all. */
export interface QuarantineChoice {
  readonly address: string;
  readonly device: string | null;
  readonly itemId: ItemId | null;
}

/** A message in an Outbox, with the recipients who still wait for it. */
export type OutboxEntry = KeptMessage & {
  /** Whose Outbox it is in: local@domain. */
  readonly owner: string;
};

export interface CheckFinding {
  /** What was looked at: configuration, certificate, directory, store. */
  readonly area: string;
  /** One sentence: what is wrong and what to do. */
  readonly message: string;
}

/**
 * What an administrator can do. Every call takes and gives plain data (JSON and bytes), so that it works the same in
 * process and over the local socket. Refusals are `GatewayError`.
 */
export interface Administration {
  /** Adds a user with a mailbox that has every default folder. */
  userAdd(input: {
    readonly address: string;
    readonly password: string;
    readonly isAdmin: boolean;
    readonly displayName: string | null;
  }): Promise<UserSummary>;
  userList(): Promise<readonly UserSummary[]>;
  /** Sets a password; cached sign-ins with the old one end at once. */
  userPasswd(input: { readonly address: string; readonly password: string }): Promise<void>;
  /** Removes the user at once, then the mailbox with all it holds. */
  userRemove(input: { readonly address: string }): Promise<void>;
  folderList(input: { readonly address: string }): Promise<readonly FolderSummary[]>;
  /** Finds the folder, or creates it. */
  importFolder(input: {
    readonly address: string;
    readonly folder: FolderWish;
  }): Promise<{ readonly folder: FolderSummary; readonly created: boolean }>;
  /** Puts at most 500 items into a folder in one transaction; outcomes are in the order given. */
  importBatch(input: {
    readonly address: string;
    readonly folderId: FolderId;
    readonly entries: readonly ImportBatchEntry[];
  }): Promise<readonly ImportBatchOutcome[]>;
  /** One page of a folder's items; `after` null begins. */
  exportPage(input: {
    readonly address: string;
    readonly folderId: FolderId;
    readonly after: ItemId | null;
  }): Promise<ExportPage>;
  /** Bytes of a large item. Rejects 'revision-mismatch' when it changed since the page was given. */
  exportChunk(input: {
    readonly address: string;
    readonly itemId: ItemId;
    readonly revision: string;
    readonly start: number;
    readonly end: number;
  }): Promise<Uint8Array>;
  /** One page of the devices of one user or of all. */
  deviceList(
    input: DeviceListQuery,
  ): Promise<{ readonly devices: readonly DeviceSummary[]; readonly next: string | null }>;
  deviceShow(input: { readonly address: string; readonly device: string }): Promise<DeviceDetails>;
  /** Lets a device in, or keeps it out, whatever the rules say; null leaves it to the rules again. Gives what holds now. */
  deviceDecide(input: {
    readonly address: string;
    readonly device: string;
    readonly access: DeviceAccessState | null;
    readonly why: string;
  }): Promise<DeviceAccess>;
  /** Makes a device read a folder anew, or with null all of them; nothing is lost. Gives how many there are. */
  deviceResync(input: {
    readonly address: string;
    readonly device: string;
    readonly folderId: FolderId | null;
  }): Promise<number>;
  /** Sets who wins a conflict for a device, a user (device null) or a domain (address null); null takes the rule away. */
  conflictRuleSet(input: {
    readonly domain: string | null;
    readonly address: string | null;
    readonly device: string | null;
    readonly rule: string | null;
  }): Promise<void>;
  /** Versions that lost a conflict, newest first, with what is in their place; they are kept for 30 days. */
  conflictList(input: { readonly address: string }): Promise<readonly ConflictEntry[]>;
  /** Puts a version that lost back in place of what is there, which is kept in its stead. Gives the item. */
  conflictRestore(input: { readonly address: string; readonly id: number }): Promise<ItemId>;
  /** Who may come in with what; `problems` says why what is stored is no set of rules. */
  accessShow(
    input: Record<string, never>,
  ): Promise<{ readonly access: DeviceAccessRules; readonly problems: readonly string[] }>;
  /** Sets the rules and decides anew about every device. Rejects 'object-invalid' naming each mistake. */
  accessSet(input: {
    readonly access: unknown;
  }): Promise<{ readonly access: DeviceAccessRules; readonly changed: number }>;
  groupList(input: Record<string, never>): Promise<UserGroups>;
  /** Sets who is in a group, and decides anew about every device; nobody removes the group. Gives how many devices changed. */
  groupSet(input: { readonly name: string; readonly users: readonly string[] }): Promise<number>;
  /** Forgets a device and what it holds; when it comes again it begins anew. */
  deviceRemove(input: { readonly address: string; readonly device: string }): Promise<void>;
  quarantineList(input: {
    readonly address: string;
    readonly device: string | null;
  }): Promise<readonly QuarantineEntry[]>;
  /** Has the devices' next Sync try the items again; returns how many. */
  quarantineRetry(input: QuarantineChoice): Promise<number>;
  /** Takes items off quarantine: the devices go without them until they change. Returns how many. */
  quarantineClear(input: QuarantineChoice): Promise<number>;
  /** Mail that has not left yet, of one user or, with null, of all. */
  outboxList(input: { readonly address: string | null }): Promise<readonly OutboxEntry[]>;
  /** Makes it due now; `isNow` is false where no server runs that would send it. */
  outboxRetry(input: {
    readonly address: string | null;
  }): Promise<{ readonly messages: number; readonly isNow: boolean }>;
  /** Looks at everything; no finding is a sound server. */
  check(input: Record<string, never>, progress?: Progress): Promise<readonly CheckFinding[]>;
  /** What is asked of devices; `problems` says why what is stored is no policy. */
  policyShow(
    input: Record<string, never>,
  ): Promise<{ readonly policy: DevicePolicy; readonly problems: readonly string[] }>;
  /** Sets it, and gives what is in force. Rejects 'object-invalid' naming each mistake. */
  policySet(input: { readonly policy: unknown }): Promise<DevicePolicy>;
  /**
   * Lines of a log, at most `lines` of its last ones, or what came after an earlier page (`after` is its `next`); with `grep`
   * only those with that text. Rejects 'name-invalid' when there is no such log.
   */
  logShow(input: {
    readonly name: string;
    readonly lines: number;
    readonly grep: string | null;
    readonly after: string | null;
  }): Promise<LogPage>;
  /** Empties a log. Rejects 'name-invalid' when there is none of that name, or no files are kept. */
  logClear(input: { readonly name: string }): Promise<void>;
  /** Switches a category of the debug log; with null only tells. Rejects 'name-invalid'. */
  logDebug(input: {
    readonly category: string | null;
    readonly isOn: boolean;
  }): Promise<readonly { readonly category: string; readonly isOn: boolean }[]>;
  /** Keeps the user's exchanges for some minutes. Rejects 'store-unavailable' where no server runs. */
  recordStart(input: RecordingChoice): Promise<RecordingSummary>;
  /** All recordings, the newest first. */
  recordList(): Promise<readonly RecordingSummary[]>;
  recordStop(input: { readonly id: string }): Promise<RecordingSummary>;
  /** Removes it with all it has; ends it first. */
  recordRemove(input: { readonly id: string }): Promise<void>;
  recordFiles(input: { readonly id: string }): Promise<readonly RecordingFile[]>;
  /** Bytes of a file, at most 4 MiB at once. */
  recordRead(input: {
    readonly id: string;
    readonly name: string;
    readonly start: number;
    readonly end: number;
  }): Promise<Uint8Array>;
  /** Ends all sign-in lockouts. */
  unlockAll(): Promise<void>;
}

/** Every call, for the two ends of the socket. */
export const ADMINISTRATION_CALLS = [
  'userAdd',
  'userList',
  'userPasswd',
  'userRemove',
  'folderList',
  'importFolder',
  'importBatch',
  'exportPage',
  'exportChunk',
  'deviceList',
  'deviceShow',
  'deviceDecide',
  'deviceResync',
  'conflictRuleSet',
  'conflictList',
  'conflictRestore',
  'accessShow',
  'accessSet',
  'groupList',
  'groupSet',
  'deviceRemove',
  'quarantineList',
  'quarantineRetry',
  'quarantineClear',
  'outboxList',
  'outboxRetry',
  'check',
  'policyShow',
  'policySet',
  'logShow',
  'logClear',
  'logDebug',
  'recordStart',
  'recordList',
  'recordStop',
  'recordRemove',
  'recordFiles',
  'recordRead',
  'unlockAll',
] as const satisfies readonly (keyof Administration)[];

export type AdministrationCall = (typeof ADMINISTRATION_CALLS)[number];
