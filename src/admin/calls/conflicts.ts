import type { ItemId } from '../../domain/item.ts';
import type { DeviceConflictRule } from '../../store/device-store.ts';

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

/** Who wins a conflict for a user (domain null) or for everybody of a domain (address null). */
export interface ConflictRuleEntry {
  readonly domain: string | null;
  readonly address: string | null;
  readonly rule: DeviceConflictRule;
}

/** Who wins a conflict, and what lost one. */
export interface ConflictCalls {
  /** Sets who wins a conflict for a device, a user (device null) or a domain (address null); null takes the rule away. */
  conflictRuleSet(input: {
    readonly domain: string | null;
    readonly address: string | null;
    readonly device: string | null;
    readonly rule: string | null;
  }): Promise<void>;
  /** The rules that are set for domains and users, in this order and by name; those of devices stand at the devices. */
  conflictRuleList(input: object): Promise<readonly ConflictRuleEntry[]>;
  /** Versions that lost a conflict, newest first, with what is in their place; they are kept for 30 days. */
  conflictList(input: { readonly address: string }): Promise<readonly ConflictEntry[]>;
  /** Puts a version that lost back in place of what is there, which is kept in its stead. Gives the item. */
  conflictRestore(input: { readonly address: string; readonly id: number }): Promise<ItemId>;
}

export const CONFLICT_CALLS = [
  'conflictRuleSet',
  'conflictRuleList',
  'conflictList',
  'conflictRestore',
] as const satisfies readonly (keyof ConflictCalls)[];
