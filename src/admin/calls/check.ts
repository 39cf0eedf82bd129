/** Called now and then during long work. `total` may grow. */
export type Progress = (done: number, total: number) => void;

export interface CheckFinding {
  /** What was looked at: configuration, certificate, directory, store. */
  readonly area: string;
  /** One sentence: what is wrong and what to do. */
  readonly message: string;
}

/** Whether the server is sound. */
export interface CheckCalls {
  /** Looks at everything; no finding is a sound server. */
  check(input: Record<string, never>, progress?: Progress): Promise<readonly CheckFinding[]>;
}

export const CHECK_CALLS = ['check'] as const satisfies readonly (keyof CheckCalls)[];
