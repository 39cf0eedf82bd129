import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeFolder } from '../../config/make-folder.ts';
import type { FolderId } from '../../domain/folder.ts';
import type { ItemFlags } from '../../domain/item.ts';
import type { Administration } from '../administration.ts';
import type { FolderSummary } from '../calls/folders.ts';
import type { ExportedItem } from '../calls/transfer.ts';
import type { Command } from './command.ts';
import { createFileNamer, decodeFileName } from './file-names.ts';
import { FOLDER_FILE, formatFolderFile } from './folder-file.ts';
import { createProgressBar } from './progress-bar.ts';
import { UsageError } from './terminal.ts';
import { oneAddress } from './user-commands.ts';

const CHUNK_BYTES = 1024 * 1024;

export const exportCommand: Command = {
  words: ['export'],
  usage: 'ADDRESS --to DIR',
  summary: 'write a mailbox into files',
  help: `Writes each folder as a directory and each item as a file with its bytes exactly as they are stored: .ics, .vcf, .eml.
A small file in each directory keeps what is known of the folder, and the marks on messages (read, flagged, categories),
so that "causeway import ADDRESS DIR" makes the same again.

  --to DIR  where to write; it must be empty or not exist yet

Example:
  causeway export ann@example.org --to /backup/ann`,
  prepare(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { to: { type: 'string' } },
      allowPositionals: true,
    });
    const address = oneAddress(positionals);
    const directory = values.to;
    if (directory === undefined || directory === '') throw new UsageError('Say with --to DIR where to write.');
    return async ({ administration, terminal, clock }) => {
      const folders = await administration.folderList({ address });
      await makeEmpty(directory);
      const bar = createProgressBar(terminal, clock, 'exporting');
      const run = { administration, address, folders, items: 0, done: 0, update: bar.update };
      await exportFolders(run, null, directory).finally(bar.clear);
      terminal.out(`exported ${run.items} items of ${folders.length} folders to ${directory}\n`);
      return 0;
    };
  },
};

interface ExportRun {
  readonly administration: Administration;
  readonly address: string;
  readonly folders: readonly FolderSummary[];
  readonly update: (done: number, total: number) => void;
  items: number;
  done: number;
}

async function makeEmpty(directory: string): Promise<void> {
  makeFolder(directory);
  if ((await readdir(directory)).length > 0) {
    throw new UsageError(`${directory} is not empty; name an empty folder, or one that does not exist yet.`);
  }
}

async function exportFolders(run: ExportRun, parentId: FolderId | null, directory: string): Promise<void> {
  const fileNameOf = createFileNamer();
  for (const folder of run.folders.filter((one) => one.parentId === parentId)) {
    const itsDirectory = join(directory, fileNameOf(folder.displayName ?? folder.name));
    await mkdir(itsDirectory, { mode: 0o700 });
    await exportItems(run, folder, itsDirectory);
    await exportFolders(run, folder.id, itsDirectory);
    run.done += 1;
    run.update(run.done, run.folders.length);
  }
}

async function exportItems(run: ExportRun, folder: FolderSummary, directory: string): Promise<void> {
  const { administration, address } = run;
  const fileNameOf = createFileNamer();
  const names: Record<string, string> = {};
  const flags: Record<string, ItemFlags> = {};
  // Folders below get their names first, so that no item takes one of theirs.
  for (const below of run.folders.filter(({ parentId }) => parentId === folder.id)) {
    fileNameOf(below.displayName ?? below.name);
  }
  let after: number | null = null;
  do {
    const page = await administration.exportPage({ address, folderId: folder.id, after });
    for (const item of page.items) {
      const fileName = fileNameOf(item.name);
      await writeItem(run, item, join(directory, fileName));
      if (decodeFileName(fileName) !== item.name) names[fileName] = item.name;
      if (Object.keys(item.flags).length > 0) flags[fileName] = item.flags;
      run.items += 1;
    }
    after = page.next;
    run.update(run.done, run.folders.length);
  } while (after !== null);
  const { itemClass, role, name, displayName, components, properties } = folder;
  const file = formatFolderFile({ itemClass, role, name, displayName, components, properties, names, flags });
  await writeFile(join(directory, FOLDER_FILE), file, { flag: 'wx', mode: 0o600 });
}

async function writeItem(run: ExportRun, item: ExportedItem, path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    if (item.content !== null) {
      await file.writeFile(item.content);
      return;
    }
    const { administration, address } = run;
    for (let start = 0; start < item.size; start += CHUNK_BYTES) {
      const end = Math.min(item.size, start + CHUNK_BYTES);
      const request = { address, itemId: item.id, revision: item.revision, start, end };
      await file.writeFile(await administration.exportChunk(request));
    }
  } finally {
    await file.close();
  }
}
