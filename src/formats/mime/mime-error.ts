/** Why a message was refused. Broken syntax is never a reason: only a limit is, so that no input can cost too much. */
export type MimeErrorCode = 'too-many-parts' | 'too-deep' | 'header-too-large' | 'message-too-large';

/** The only error of this codec. `line` counts from 1 in what was read. */
export class MimeError extends Error {
  readonly code: MimeErrorCode;
  readonly line: number;

  constructor(code: MimeErrorCode, line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.name = 'MimeError';
    this.code = code;
    this.line = line;
  }
}
