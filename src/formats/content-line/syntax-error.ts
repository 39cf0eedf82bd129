/**
 * The only error the content-line, iCalendar and vCard readers throw, whatever the input. Callers above the formats turn
 * it into their own error (`content-invalid`).
 */
export class ContentSyntaxError extends Error {
  /** What is wrong, one phrase without the line number. */
  readonly reason: string;
  /** 1-based physical line where it was seen; 0 when it belongs to no line. */
  readonly line: number;

  constructor(reason: string, line: number) {
    super(line > 0 ? `line ${line}: ${reason}` : reason);
    this.name = 'ContentSyntaxError';
    this.reason = reason;
    this.line = line;
  }
}
