import type { ItemId } from '../../domain/item.ts';

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

/** Items that a device does not get as they are. */
export interface QuarantineCalls {
  quarantineList(input: {
    readonly address: string;
    readonly device: string | null;
  }): Promise<readonly QuarantineEntry[]>;
  /** Has the devices' next Sync try the items again; returns how many. */
  quarantineRetry(input: QuarantineChoice): Promise<number>;
  /** Takes items off quarantine: the devices go without them until they change. Returns how many. */
  quarantineClear(input: QuarantineChoice): Promise<number>;
}

export const QUARANTINE_CALLS = [
  'quarantineList',
  'quarantineRetry',
  'quarantineClear',
] as const satisfies readonly (keyof QuarantineCalls)[];
