import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FolderRole } from '../../domain/item-class.ts';
import { readMaildirName } from '../../formats/mime/mail-flags.ts';
import { type FolderStep, namedStep, roleStep, type SourceFile } from './import-source.ts';

/** Names under which mail programs keep what is a default folder here. */
const ROLE_OF_NAME: ReadonlyMap<string, FolderRole> = new Map([
  ['inbox', 'inbox'],
  ['drafts', 'drafts'],
  ['sent', 'sent'],
  ['sent items', 'sent'],
  ['sent messages', 'sent'],
  ['sent mail', 'sent'],
  ['trash', 'deleted'],
  ['deleted items', 'deleted'],
  ['deleted messages', 'deleted'],
  ['junk', 'junk'],
  ['junk e-mail', 'junk'],
  ['spam', 'junk'],
  ['outbox', 'outbox'],
]);

/** The messages of one Maildir folder: those of `new` are unread, those of `cur` carry flags in their names. */
export async function maildirFiles(directory: string, folder: readonly FolderStep[]): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for (const part of ['cur', 'new']) {
    const entries = await readdir(join(directory, part), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (!entry.isFile() || entry.name.startsWith('.')) continue;
      const path = join(directory, part, entry.name);
      const { read, flagged } = readMaildirName(entry.name).flags;
      files.push({ path, kind: 'message', bytes: (await stat(path)).size, folder, flags: { read, flagged } });
    }
  }
  return files;
}

/**
 * The mail folder for a Maildir that lies under these directory names; none is the Inbox. Maildir++ writes a folder in a
 * folder as `.Archive.2020`, in IMAP's modified UTF-7; other layouts nest directories with plain names.
 */
export function mailFolderSteps(directoryNames: readonly string[]): readonly FolderStep[] {
  const names = directoryNames.flatMap((name) =>
    name.startsWith('.') ? name.slice(1).split('.').map(decodeModifiedUtf7) : [name],
  );
  const parts = names.filter((name) => name !== '');
  const [first, ...rest] = parts;
  if (first === undefined) return [roleStep('inbox', 'mail')];
  const role = ROLE_OF_NAME.get(first.toLowerCase());
  const top = role === undefined ? namedStep('mail', first) : roleStep(role, 'mail');
  return [top, ...rest.map((name) => namedStep('mail', name))];
}

/** RFC 3501 §5.1.3: `&` begins base64 of UTF-16 with `,` for `/`, up to `-`; `&-` is the ampersand itself. */
function decodeModifiedUtf7(name: string): string {
  return name.replace(/&([A-Za-z0-9+,]*)-/g, (_, encoded: string) => {
    if (encoded === '') return '&';
    const bytes = Buffer.from(encoded.replaceAll(',', '/'), 'base64');
    return bytes
      .subarray(0, bytes.length - (bytes.length % 2))
      .swap16()
      .toString('utf16le');
  });
}
