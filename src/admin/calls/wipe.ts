import type { WipeAbility } from '../../devices/wipe-ability.ts';
import type { DeviceWipe, WipeKind, WipeState } from '../../store/device-store.ts';

/** A device that has a wipe, or had one. */
export interface WipeEntry {
  /** Address of its user. */
  readonly owner: string;
  /** Its id as it spells it. */
  readonly device: string;
  readonly protocol: string;
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly lastSeenAt: number;
  readonly wipe: DeviceWipe;
}

/** What comes of a wipe of this device, said before it begins. The sentences are for people. */
export interface WipeForecast extends WipeAbility {
  readonly needsSecondPerson: boolean;
}

/** What can be set about wipes. */
export interface WipeSettings {
  /** Whether another person has to consent before a wipe begins. */
  readonly secondPerson: boolean;
  /** Days without an answer after which a device counts as silent; 1 to 365. It is wiped all the same when it comes. */
  readonly silentAfterDays: number;
}

/** Which wipes; null leaves a part open. */
export interface WipeListQuery {
  readonly domain: string | null;
  readonly address: string | null;
  readonly state: WipeState | null;
  /** `next` of the page before; null begins. */
  readonly after: string | null;
  /** 1 to 500. */
  readonly limit: number;
}

interface NamedDevice {
  readonly address: string;
  readonly device: string;
}

interface WipeDecision extends NamedDevice {
  /** The reason in words, for the log and for whoever asks. Must not be empty. */
  readonly why: string;
}

export interface WipePage {
  readonly wipes: readonly WipeEntry[];
  /** To be given as `after`; null: there are no more. */
  readonly next: string | null;
}

/** Wipes of devices. Whoever acts (`acting()`) is written down as the one who did it. */
export interface WipeCalls {
  wipeForecast(input: NamedDevice): Promise<WipeForecast>;
  /**
   * Begins a wipe, or asks for a second person's consent where one is needed.
   * Rejects 'wipe-refused' when one is under way, or the device cannot be wiped in this way.
   */
  wipeStart(input: WipeDecision & { readonly kind: WipeKind }): Promise<DeviceWipe>;
  /** A second person says yes. Rejects 'wipe-refused' when there is nothing to consent to, or the same person asks. */
  wipeConsent(input: NamedDevice): Promise<DeviceWipe>;
  /** Takes a wipe back that the device has not been sent. Rejects 'wipe-refused' once it has. */
  wipeCancel(input: WipeDecision): Promise<DeviceWipe>;
  /** Lets a device come again that was wiped, that said it could not, or that never answered what it was sent. */
  wipeClear(input: WipeDecision): Promise<void>;
  /** Devices whose last wipe is in this state, or that have one at all. */
  wipeList(input: WipeListQuery): Promise<WipePage>;
  wipeSettingsShow(): Promise<WipeSettings>;
  /** Rejects 'object-invalid' with what is wrong. */
  wipeSettingsSet(input: { readonly settings: unknown }): Promise<WipeSettings>;
}

export const WIPE_CALLS = [
  'wipeForecast',
  'wipeStart',
  'wipeConsent',
  'wipeCancel',
  'wipeClear',
  'wipeList',
  'wipeSettingsShow',
  'wipeSettingsSet',
] as const satisfies readonly (keyof WipeCalls)[];
