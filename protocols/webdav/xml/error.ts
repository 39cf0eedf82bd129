/** Why a document was refused. 'size' is answered 413, everything else 400. */
export type XmlErrorReason = 'syntax' | 'doctype' | 'encoding' | 'size' | 'depth' | 'attributes' | 'elements';

/** The only error the reader throws; `line` and `column` count from 1 (0 where the place is not known). */
export class XmlError extends Error {
  readonly reason: XmlErrorReason;
  readonly line: number;
  readonly column: number;

  constructor(reason: XmlErrorReason, message: string, line = 0, column = 0) {
    super(line > 0 ? `${message} (line ${line}, column ${column})` : message);
    this.name = 'XmlError';
    this.reason = reason;
    this.line = line;
    this.column = column;
  }
}
