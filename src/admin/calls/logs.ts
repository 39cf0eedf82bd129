import type { LogPage } from '../../observe/files/read-log.ts';

/** The logs of this server. */
export interface LogCalls {
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
}

export const LOG_CALLS = ['logShow', 'logClear', 'logDebug'] as const satisfies readonly (keyof LogCalls)[];
