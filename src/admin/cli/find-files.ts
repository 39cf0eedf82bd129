import type { Dirent } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { decodeFileName } from './file-names.ts';
import { type FolderFile, readFolderFile } from './folder-file.ts';
import { type FileKind, type FolderStep, type Refusal, type SourceFile, unreadable } from './import-source.ts';
import { maildirFiles, mailFolderSteps } from './maildir-files.ts';

const KIND_OF_EXTENSION: Readonly<Record<string, FileKind>> = {
  '.ics': 'calendar',
  '.ical': 'calendar',
  '.icalendar': 'calendar',
  '.ifb': 'calendar',
  '.vcf': 'cards',
  '.vcard': 'cards',
  '.eml': 'message',
  '.mbox': 'mbox',
  '.mbx': 'mbox',
};

const SNIFF_BYTES = 4096;
/** Programs' own folders inside each other never go this deep; a loop of mounts does. */
const MAX_DEPTH = 64;

export interface FoundFiles {
  readonly files: readonly SourceFile[];
  readonly refusals: readonly Refusal[];
}

/**
 * All files to be imported from these paths, in the order given and by name within folders. Hidden files and symbolic
 * links inside folders are passed over: a link could lead anywhere.
 * @throws Error for a path that does not exist
 */
export async function findFiles(paths: readonly string[]): Promise<FoundFiles> {
  const files: SourceFile[] = [];
  const refusals: Refusal[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      throw new Error(error.code === 'ENOENT' ? `There is no file or folder ${path}.` : error.message);
    });
    if (found.isDirectory()) await walk({ files, refusals }, path, null, [], 0);
    else if (found.isFile()) await addFile({ files, refusals }, path, found.size);
    else refusals.push({ path, line: 0, reason: 'it is neither a file nor a folder' });
  }
  return { files, refusals };
}

interface Found {
  readonly files: SourceFile[];
  readonly refusals: Refusal[];
}

/** `mailPath`: names of the Maildir this one lies in; null outside of any. `exported`: exported folders above. */
async function walk(
  found: Found,
  directory: string,
  mailPath: readonly string[] | null,
  exported: readonly FolderStep[],
  depth: number,
): Promise<void> {
  if (depth > MAX_DEPTH) {
    found.refusals.push({ path: directory, line: 0, reason: `folders are nested deeper than ${MAX_DEPTH}` });
    return;
  }
  const entries = await entriesOf(directory).catch((error: unknown) => {
    found.refusals.push(unreadable(directory, error));
    return [];
  });
  const folderFile = await readFolderFile(directory);
  if (folderFile !== null) {
    await walkExported(found, directory, entries, folderFile, exported, depth);
    return;
  }
  const isMaildir = isMaildirFolder(entries);
  const ownPath = mailPath ?? [];
  if (isMaildir) found.files.push(...(await maildirFiles(directory, mailFolderSteps(ownPath))));
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (isMaildir && ['cur', 'new', 'tmp'].includes(entry.name)) continue;
      const isInMail = await isMaildirAt(path);
      if (entry.name.startsWith('.') && !isInMail) continue;
      await walk(found, path, isInMail ? [...ownPath, entry.name] : null, [], depth + 1);
    } else if (entry.isFile() && !entry.name.startsWith('.') && !isMaildir) {
      await addFile(found, path, (await stat(path)).size);
    }
  }
}

async function walkExported(
  found: Found,
  directory: string,
  entries: readonly Dirent[],
  { names, flags, ...step }: FolderFile,
  above: readonly FolderStep[],
  depth: number,
): Promise<void> {
  const folder = [...above, step];
  // A folder without items is made again all the same.
  found.files.push({ path: directory, kind: 'exported', bytes: 0, folder });
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await walk(found, path, null, folder, depth + 1);
    else if (entry.isFile() && !entry.name.startsWith('.')) {
      const name = names[entry.name] ?? decodeFileName(entry.name);
      const itsFlags = flags[entry.name];
      const { size } = await stat(path);
      found.files.push({ path, kind: 'exported', bytes: size, folder, name, ...(itsFlags ? { flags: itsFlags } : {}) });
    }
  }
}

async function addFile(found: Found, path: string, bytes: number): Promise<void> {
  let kind = KIND_OF_EXTENSION[extname(path).toLowerCase()] ?? null;
  try {
    kind ??= await sniff(path);
  } catch (error) {
    found.refusals.push(unreadable(path, error));
    return;
  }
  if (kind !== null) found.files.push({ path, kind, bytes, folder: null });
  else {
    const reason = 'it is neither a calendar, contacts nor mail';
    found.refusals.push({ path, line: 0, reason });
  }
}

/** Tells a file without a telling extension by how it begins. */
async function sniff(path: string): Promise<FileKind | null> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
    const start = buffer
      .subarray(0, bytesRead)
      .toString('latin1')
      .replace(/^\xef\xbb\xbf/, '')
      .trimStart();
    if (/^BEGIN:(?:VCALENDAR|VEVENT|VTODO|VJOURNAL)/i.test(start)) return 'calendar';
    if (/^(?:[\w-]+\.)?BEGIN:VCARD/i.test(start)) return 'cards';
    if (/^From \S/.test(start)) return 'mbox';
    return /^(?:[!-9;-~]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2}/.test(start) ? 'message' : null;
  } finally {
    await file.close();
  }
}

function isMaildirFolder(entries: readonly Dirent[]): boolean {
  const has = (name: string) => entries.some((entry) => entry.name === name && entry.isDirectory());
  return has('cur') && has('new');
}

async function isMaildirAt(path: string): Promise<boolean> {
  // A folder that cannot be read is told when its turn comes.
  return isMaildirFolder(await entriesOf(path).catch(() => []));
}

async function entriesOf(directory: string): Promise<readonly Dirent[]> {
  return (await readdir(directory, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
