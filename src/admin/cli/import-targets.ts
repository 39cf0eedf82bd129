import type { FolderId } from '../../domain/folder.ts';
import type { CalendarKind } from '../../domain/item-class.ts';
import type { Administration } from '../administration.ts';
import { type FolderStep, namedStep, roleStep, type SourceFile, type SourceItem } from './import-source.ts';

const CALENDAR_KINDS: readonly CalendarKind[] = ['VEVENT', 'VTODO', 'VJOURNAL'];

/** Which folder an item of a file goes to. */
export interface ImportTargets {
  /** @param kinds What else the file holds: a folder made for it must take all of that. */
  stepsFor(file: SourceFile, item: SourceItem, kinds: ReadonlySet<string>): readonly FolderStep[];
  /** Finds or creates the folder. */
  folderId(steps: readonly FolderStep[]): Promise<FolderId>;
  /** Names of folders that were created. */
  readonly created: readonly string[];
}

/** @param folderName From `--folder`: overrides what the place of a file says. */
export function createImportTargets(
  administration: Administration,
  address: string,
  folderName: string | null,
): ImportTargets {
  const known = new Map<string, FolderId>();
  const created: string[] = [];

  async function folderId(steps: readonly FolderStep[]): Promise<FolderId> {
    const key = JSON.stringify(steps.map(({ itemClass, role, name }) => [itemClass, role, name]));
    const found = known.get(key);
    if (found !== undefined) return found;
    const parentId = steps.length > 1 ? await folderId(steps.slice(0, -1)) : null;
    const wish = { ...steps.at(-1)!, parentId };
    const { folder, created: isNew } = await administration.importFolder({ address, folder: wish });
    if (isNew) created.push(folder.name);
    known.set(key, folder.id);
    return folder.id;
  }

  return {
    created,
    folderId,
    stepsFor(file, item, kinds) {
      if (folderName !== null) return [namedFor(folderName, item.kind, kinds)];
      return file.folder ?? [defaultFor(item.kind)];
    },
  };
}

function defaultFor(kind: SourceItem['kind']): FolderStep {
  if (kind === 'VCARD') return roleStep('contacts', 'contacts');
  if (kind === 'MESSAGE') return roleStep('inbox', 'mail');
  if (kind === 'VTODO') return roleStep('tasks', 'tasks');
  if (kind === 'VJOURNAL') return roleStep('notes', 'notes');
  return roleStep('calendar', 'calendar');
}

function namedFor(name: string, kind: SourceItem['kind'], kinds: ReadonlySet<string>): FolderStep {
  if (kind === 'VCARD') return namedStep('contacts', name);
  if (kind === 'MESSAGE') return namedStep('mail', name);
  if (kind === 'FILE') return namedStep('files', name);
  if (!kinds.has('VEVENT') && kinds.size === 1) {
    if (kind === 'VTODO') return namedStep('tasks', name, ['VTODO']);
    if (kind === 'VJOURNAL') return namedStep('notes', name, ['VJOURNAL']);
  }
  return namedStep('calendar', name, CALENDAR_KINDS);
}
