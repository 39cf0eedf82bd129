import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ItemFlags } from '../../domain/item.ts';
import type { FolderStep } from './import-source.ts';

/** Name of the file that an export puts into each folder. */
export const FOLDER_FILE = '.causeway-folder.json';

const FOLDER_FILE_SCHEMA = z.object({
  format: z.literal('causeway-folder-1'),
  itemClass: z.enum(['mail', 'calendar', 'contacts', 'tasks', 'notes', 'files']),
  role: z
    .enum(['inbox', 'drafts', 'sent', 'deleted', 'outbox', 'junk', 'calendar', 'contacts', 'tasks', 'notes'])
    .nullable(),
  name: z.string(),
  displayName: z.string().nullable(),
  components: z.array(z.enum(['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY'])),
  properties: z.record(z.string(), z.string()),
  /** File name → DAV name, for those that do not decode to it. */
  names: z.record(z.string(), z.string()),
  /** File name → flags, for items that have any. */
  flags: z.record(
    z.string(),
    z.object({
      read: z.boolean().optional(),
      flagged: z.boolean().optional(),
      categories: z.array(z.string()).optional(),
      followUp: z
        .object({
          isDone: z.boolean(),
          label: z.string(),
          completedAt: z.number().nullable(),
          details: z.record(z.string(), z.string()),
        })
        .optional(),
      lastVerb: z.object({ verb: z.enum(['reply', 'reply-all', 'forward']), at: z.number() }).optional(),
    }),
  ),
});

/** What an export says about a folder beside its items, so that an import makes the same folder again. */
export interface FolderFile extends FolderStep {
  readonly names: Readonly<Record<string, string>>;
  readonly flags: Readonly<Record<string, ItemFlags>>;
}

export function formatFolderFile(file: FolderFile): string {
  return `${JSON.stringify({ format: 'causeway-folder-1', ...file }, null, 2)}\n`;
}

/** Reads the file of this directory; null where there is none. @throws Error that names the file when it is damaged */
export async function readFolderFile(directory: string): Promise<FolderFile | null> {
  const path = join(directory, FOLDER_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error(`${path} is not JSON; take the folder from the export again, or remove the file.`);
  }
  const parsed = FOLDER_FILE_SCHEMA.safeParse(json);
  if (!parsed.success) throw new Error(`${path} was not written by an export: ${z.prettifyError(parsed.error)}`);
  const { format: _format, flags, ...rest } = parsed.data;
  return { ...rest, flags: Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, flagsOf(value)])) };
}

/** Flags as the schema gives them: what is missing may be there as undefined. */
type ReadFlags = { readonly [K in keyof ItemFlags]: ItemFlags[K] | undefined };

function flagsOf({ read, flagged, categories, followUp, lastVerb }: ReadFlags): ItemFlags {
  return {
    ...(read === undefined ? {} : { read }),
    ...(flagged === undefined ? {} : { flagged }),
    ...(categories === undefined ? {} : { categories }),
    ...(followUp === undefined ? {} : { followUp }),
    ...(lastVerb === undefined ? {} : { lastVerb }),
  };
}
