import { findText, type HeaderField } from './header-fields.ts';

/** What a mail program noted about a message beside its content. */
export interface MailFlags {
  readonly read: boolean;
  readonly flagged: boolean;
  readonly answered: boolean;
  readonly draft: boolean;
  readonly deleted: boolean;
}

/** Flags that mbox programs keep as fields: Status and X-Status letters, Mozilla's bits. */
export function readStatusFields(fields: readonly HeaderField[]): MailFlags {
  const status = findText(fields, 'status') ?? '';
  const extra = findText(fields, 'x-status') ?? '';
  const mozilla = Number.parseInt(findText(fields, 'x-mozilla-status') ?? '0', 16) || 0;
  return {
    read: status.includes('R') || (mozilla & 0x0001) !== 0,
    flagged: extra.includes('F') || (mozilla & 0x0004) !== 0,
    answered: extra.includes('A') || (mozilla & 0x0002) !== 0,
    draft: extra.includes('T'),
    deleted: extra.includes('D') || status.includes('D') || (mozilla & 0x0008) !== 0,
  };
}

/**
 * Flags in the name of a file of a Maildir's `cur` folder: `unique:2,FRS`. Some systems write `;` or `!` for the colon.
 * A name without them (a file of `new`) is an unread message.
 */
export function readMaildirName(fileName: string): { readonly unique: string; readonly flags: MailFlags } {
  const found = /^(.*?)[:;!]2,([A-Za-z]*)(?:,.*)?$/s.exec(fileName);
  const letters = found?.[2] ?? '';
  return {
    unique: found?.[1] ?? fileName,
    flags: {
      read: letters.includes('S'),
      flagged: letters.includes('F'),
      answered: letters.includes('R'),
      draft: letters.includes('D'),
      deleted: letters.includes('T'),
    },
  };
}
