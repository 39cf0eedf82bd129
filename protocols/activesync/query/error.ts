import type { CommandName } from './commands.ts';

/**
 * Why a request line was refused: 400 by HTTP. 'device-id' and 'device-type' have statuses of their own from 14.0 on (108, 109),
 * which is why those errors know the command to answer.
 */
export type EasQueryErrorCode = 'missing' | 'too-long' | 'malformed' | 'command' | 'device-id' | 'device-type';

/** The only error of `parseQuery`, for any text. */
export class EasQueryError extends Error {
  readonly code: EasQueryErrorCode;
  /** The command asked for, as far as it was read. */
  readonly command: CommandName | null;
  /** The version that a base64 query speaks, as far as it was read. */
  readonly protocolVersion: string | null;

  constructor(
    code: EasQueryErrorCode,
    message: string,
    known: { command?: CommandName | null; protocolVersion?: string | null } = {},
  ) {
    super(message);
    this.name = 'EasQueryError';
    this.code = code;
    this.command = known.command ?? null;
    this.protocolVersion = known.protocolVersion ?? null;
  }
}
