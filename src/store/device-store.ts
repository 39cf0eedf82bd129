/**
 * What a mailbox remembers of the programs that meet it, beside its partnerships: the devices, small documents in the
 * protocols' own words, and operations that must not be done twice. Read and written in the mailbox's own
 * transactions, so a change and what a device is told of it are committed together.
 */
export interface Device {
  /** Names the device in its mailbox for ever: the first spelling it came with, in lower case. */
  readonly id: string;
  /** The protocol it speaks, in that protocol's own word. */
  readonly protocol: string;
  /** Every spelling of its id, in lower case, its `id` among them. An alias names one device of the mailbox. */
  readonly aliases: readonly string[];
  /** The id as it is shown to people. */
  readonly shownId: string;
  /** What kind of device it says it is; '' when it does not say. */
  readonly type: string;
  /** User-Agent of the last contact. */
  readonly agent: string;
  /** Protocol version of the last contact; null before it spoke one. */
  readonly version: string | null;
  /** What it told of itself: Model, OS, FriendlyName, … */
  readonly information: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly firstSeenAt: number;
  /** Exact to some minutes. */
  readonly lastSeenAt: number;
  readonly remoteAddress: string;
  readonly policy: DevicePolicyState;
  /** Whose it is: local@domain. Absent of one that was not here since owners are kept. */
  readonly owner?: string;
  /** Whether it may come in, as decided last; absent before the first decision. */
  readonly access?: DeviceAccess;
  /** What an administrator wants done when this device and somebody else changed the same item; absent: see users and domains. */
  readonly conflictRule?: DeviceConflictRule;
  /** What let it in last (`Principal.credential`); absent before the first sign-in since that is kept. */
  readonly credential?: string;
  /** The wipe that was asked for last, until it is cleared; absent: none. `src/devices/wipe.ts` alone writes it. */
  readonly wipe?: DeviceWipe;
  /** Wipes that were cancelled, cleared, or followed by another; the oldest first, the last 20. */
  readonly wipeHistory?: readonly DeviceWipe[];
}

/** 'full': all that the device wipes when it is told to reset itself; 'account': what it holds of this account (16.1). */
export type WipeKind = 'full' | 'account';

/** How it is done: by the protocol's own word, or by showing a client that knows none its folders emptied. */
export type WipeMethod = WipeKind | 'drain';

export const WIPE_STATES = [
  'waiting-for-consent',
  'pending',
  'sent',
  'acknowledged',
  'failed',
  'silent',
  'cancelled',
] as const;

export type WipeState = (typeof WIPE_STATES)[number];

/** A wipe of a device. Times are milliseconds since 1970. */
export interface DeviceWipe {
  readonly state: WipeState;
  readonly kind: WipeKind;
  readonly method: WipeMethod;
  /** Who asked for it, and the reason. */
  readonly by: string;
  readonly why: string;
  readonly at: number;
  /** The second person; null where none was needed or none consented yet. */
  readonly consentBy: string | null;
  /** When the device was told first that there is a wipe; null before. */
  readonly toldAt: number | null;
  /** When the device was first sent the directive, or shown its first folder emptied; null before: it can be cancelled. */
  readonly sentAt: number | null;
  /** When it was acknowledged, failed last, or was cancelled. */
  readonly endedAt: number | null;
  /** Who cancelled or cleared it, and why; null where nobody did. */
  readonly endedBy: string | null;
  readonly endedWhy: string | null;
  /** Address from which the device answered. */
  readonly remoteAddress: string | null;
}

export type DeviceAccessState = 'allowed' | 'quarantined' | 'blocked';

export const DEVICE_ACCESS_STATES: readonly DeviceAccessState[] = ['allowed', 'quarantined', 'blocked'];

export const DEVICE_CONFLICT_RULES = ['server-wins', 'client-wins', 'keep-both', 'merge'] as const;

export type DeviceConflictRule = (typeof DEVICE_CONFLICT_RULES)[number];

/** What was decided about a device. */
export interface DeviceAccess {
  readonly state: DeviceAccessState;
  /**
   * 'rule': by the rules and their default, decided anew when they change; 'administrator': somebody's word, which stays; 'user': its
   * owner's, which stays for as long as the rules leave it to the owner.
   */
  readonly by: 'rule' | 'administrator' | 'user';
  /** Of a quarantine: whether its owner may end it. */
  readonly approval?: 'user';
  /** Who said so; null for a rule. */
  readonly who: string | null;
  /** The reason in words; may be empty. */
  readonly why: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How far a device and its policy have come (MS-ASPROV §3.1.5.1). Keys are 1 … 4294967295. */
export interface DevicePolicyState {
  /** Key in force, which every request carries; null until the device acknowledged a policy. */
  readonly key: number | null;
  /** Key of the policy that was sent and not acknowledged yet. */
  readonly offeredKey: number | null;
  /** Names the settings behind `key` and behind `offeredKey`. */
  readonly hash: string | null;
  readonly offeredHash: string | null;
  /** What the device last said of it: 1 applied, 2 partly, 3 refused, 4 managed elsewhere (MS-ASPROV §2.2.2.54). */
  readonly answer: number | null;
}

export const NO_POLICY: DevicePolicyState = {
  key: null,
  offeredKey: null,
  hash: null,
  offeredHash: null,
  answer: null,
};

/** Something done at a client's request that must not be done again when the answer was lost. */
export interface DoneOperation {
  /** Unique in the mailbox, e.g. `device/SendMail/client id`. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What was answered, in the caller's words. */
  readonly result: unknown;
}

export interface DeviceReader {
  /** The device that has this alias (lower case). */
  deviceByAlias(alias: string): Promise<Device | null>;
  /** All devices of the mailbox, by id. */
  devices(): Promise<readonly Device[]>;
  /** A document (JSON) by its name, else null. */
  document(name: string): Promise<unknown>;
  /** Documents whose name begins so, by name. */
  documents(prefix: string): Promise<readonly { readonly name: string; readonly value: unknown }[]>;
  doneOperation(name: string): Promise<DoneOperation | null>;
}

export interface DeviceWriter extends DeviceReader {
  /** Adds the device, or replaces the one of that id. Rejects 'name-taken' when an alias names another device. */
  putDevice(device: Device): Promise<void>;
  /** Forgets the device, its documents and operations (`id/…`), its activity, and every partnership of it (`id` or `id/…`). */
  removeDevice(id: string): Promise<void>;
  /** Null removes it. */
  putDocument(name: string, value: unknown): Promise<void>;
  putDoneOperation(operation: DoneOperation): Promise<void>;
  removeDoneOperation(name: string): Promise<void>;
  /** Forgets operations done before this moment (milliseconds since 1970); returns how many. */
  dropDoneOperations(before: number): Promise<number>;
}
