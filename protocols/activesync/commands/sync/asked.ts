import type { Field } from '../../classes/field.ts';
import type { OptionsBlock } from './read-options.ts';

/** One Sync request as its document says it, or as it stands after an empty or partial one was filled up. */
export interface AskedSync {
  readonly collections: readonly AskedCollection[];
  /** Changes that all collections together may be answered with; null: no such limit. */
  readonly windowSize: number | null;
  readonly wait: AskedWait | null;
}

export interface AskedWait {
  readonly unit: 'minutes' | 'seconds';
  readonly value: number;
}

export interface AskedCollection {
  readonly id: string;
  readonly easClass: string | null;
  readonly key: string;
  /** GetChanges; null: not said (MS-ASCMD §2.2.3.84: 1, at key 0 no). */
  readonly getChanges: boolean | null;
  /** Whether ConversationMode was said at all (MS-ASCMD §2.2.3.36.2); what it says changes nothing. */
  readonly saysConversationMode: boolean;
  readonly deletesAsMoves: boolean;
  /** 1 … 512. */
  readonly windowSize: number;
  /** None: those of the collection's last request stay in force. */
  readonly options: readonly OptionsBlock[];
  /** Supported (MS-ASCMD §2.2.3.179); null: no such element. */
  readonly supported: readonly string[] | null;
  readonly commands: readonly AskedCommand[];
  /** Equal for collections that ask the same. */
  fingerprint(): string;
}

export type AskedCommand =
  | {
      readonly kind: 'add';
      readonly clientId: string;
      readonly easClass: string | null;
      readonly content: AskedContent;
    }
  | { readonly kind: 'change'; readonly serverId: string; readonly content: AskedContent }
  | { readonly kind: 'delete'; readonly serverId: string }
  | { readonly kind: 'fetch'; readonly serverId: string };

export interface AskedContent {
  readonly fields: readonly Field[];
  /** Equal for equal ApplicationData. */
  readonly hash: string;
}
