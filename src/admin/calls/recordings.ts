import type { RecordingFile } from '../../recorder/recorder.ts';
import type { RecordingChoice, RecordingSummary } from '../../recorder/recording-types.ts';

/** Exchanges kept for a while. */
export interface RecordingCalls {
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
}

export const RECORDING_CALLS = [
  'recordStart',
  'recordList',
  'recordStop',
  'recordRemove',
  'recordFiles',
  'recordRead',
] as const satisfies readonly (keyof RecordingCalls)[];
