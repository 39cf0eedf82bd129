import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import type { SyncReader } from '../../../src/store/sync-state-store.ts';
import { freshKey } from '../../../src/sync/start.ts';
import type { EasContext } from '../command.ts';
import {
  countOf,
  differencesOf,
  type HierarchyDifferences,
  NO_DIFFERENCES,
  type PutFolder,
} from '../hierarchy/differences.ts';
import { folderCommand, keyUnknown, requiredText } from '../hierarchy/folder-command.ts';
import { languageOf } from '../hierarchy/language.ts';
import {
  type HeldFolder,
  type HierarchyState,
  hasMoved,
  isShownAlike,
  nextGeneration,
  noted,
  type PresentHierarchy,
  presentHierarchy,
  readHierarchy,
  writeHierarchy,
} from '../hierarchy/state.ts';
import { EasStatusError } from '../status.ts';
import { el, type WbxElement } from '../wbxml/element.ts';

const START = '0';
const DEFAULT_LANGUAGE = 'en';

/**
 * What changed in the folder hierarchy since a key (MS-ASCMD §2.2.1.5). The previous key, repeated after a lost answer,
 * gives what changed since then under a fresh key. Key 0 gives everything and leaves the collections' own keys alone.
 */
export const FOLDER_SYNC = folderCommand('FolderSync', async (context, root) => {
  const key = requiredText(root, 'FolderHierarchy:SyncKey');
  if (context.line.isProbe) return probed(context, key);
  if (await isIdle(context, key)) return answer(key, NO_DIFFERENCES);
  return synchronised(context, key);
});

/** Of a probe nothing is kept, so that its keys open nothing either. */
async function probed(context: EasContext, key: string): Promise<WbxElement> {
  if (key !== START) throw keyUnknown();
  const { environment, principal, line } = context;
  const reader = environment.sync.store.read(principal.mailboxId);
  const present = await presentFor(reader, context, languageOf(line.locale) ?? DEFAULT_LANGUAGE);
  return answer(freshKey(0, environment.sync.random), differencesOf([], present.folders));
}

/** Whether the device holds all there is and is known to: then nothing is looked through nor written. */
async function isIdle(context: EasContext, key: string): Promise<boolean> {
  const { environment, principal, device } = context;
  const reader = environment.sync.store.read(principal.mailboxId);
  const state = await readHierarchy(reader, device);
  if (state === null || state.previous !== null || state.current.key !== key) return false;
  const { seen } = state.current;
  return seen !== null && isShownAlike(state.current, context) && !(await hasMoved(reader, seen));
}

function synchronised(context: EasContext, key: string): Promise<WbxElement> {
  const { environment, principal, device, line } = context;
  return environment.sync.store.write(principal.mailboxId, CLIENT_ORIGIN, async (tx) => {
    const state = await readHierarchy(tx, device);
    const opened = openKey(state, key);
    if (opened === null) throw keyUnknown();
    const chosen = key === START ? languageOf(line.locale) : null;
    const language = chosen ?? state?.current.language ?? DEFAULT_LANGUAGE;
    const present = await presentFor(tx, context, language);
    const differences = differencesOf(opened.held, present.folders);
    if (opened.isCurrent && countOf(differences) === 0) {
      // The device has used this key, so it holds no earlier one any more.
      const { oneFolderOf: _, ...known } = state!.current;
      const current = { ...known, ...noted(context), seen: present.last };
      await writeHierarchy(tx, device, { ...state!, current, previous: null, journal: [] });
      return answer(key, differences);
    }
    const answers = (state?.answers ?? 0) + 1;
    const current = nextGeneration(answers, environment.sync.random, present.folders, present, context, language);
    const { previous, journal } = opened;
    await writeHierarchy(tx, device, { answers, current, previous, journal });
    context.logFields.folderChanges = countOf(differences);
    return answer(current.key, differences);
  });
}

interface OpenedKey extends Pick<HierarchyState, 'previous' | 'journal'> {
  readonly held: readonly HeldFolder[];
  readonly isCurrent: boolean;
}

/** What the device holds that sends this key, and what to keep for the case that the answer is lost; null for a key that is no longer known. */
function openKey(state: HierarchyState | null, key: string): OpenedKey | null {
  // A late copy of a first request must not cut off a device that went on since: its last key stays good.
  if (key === START) return { held: [], isCurrent: false, previous: state?.current ?? null, journal: [] };
  if (state === null) return null;
  const { current, previous, journal } = state;
  if (key === current.key) return { held: current.held, isCurrent: true, previous: current, journal: [] };
  if (key === previous?.key) return { held: previous.held, isCurrent: false, previous, journal };
  return null;
}

/** @throws EasStatusError 151 */
async function presentFor(reader: SyncReader, context: EasContext, language: string): Promise<PresentHierarchy> {
  const present = await presentHierarchy(reader, context, language);
  const { maxFolders } = context.environment.limits;
  if (present.folders.length > maxFolders) {
    throw new EasStatusError(151, `${present.folders.length} folders are more than ${maxFolders}`);
  }
  return present;
}

function answer(key: string, differences: HierarchyDifferences): WbxElement {
  return el(
    'FolderHierarchy:FolderSync',
    el('FolderHierarchy:Status', 1),
    el('FolderHierarchy:SyncKey', key),
    el('FolderHierarchy:Changes', el('FolderHierarchy:Count', countOf(differences)), changesOf(differences)),
  );
}

/**
 * Updates, Deletes, Adds, as the schema of the answer has them (MS-ASCMD §6.18); but where a folder was moved into a new one, the
 * new one must come first, and what the folder was moved out of last.
 */
function changesOf({ dropped, put, removed }: HierarchyDifferences): WbxElement[] {
  const added = put.filter(({ kind }) => kind === 'add');
  const updated = put.filter(({ kind }) => kind === 'update');
  const addedIds = new Set(added.map(({ folder }) => folder.id));
  if (updated.some(({ folder }) => addedIds.has(folder.parentId))) {
    return [...dropped.map(deleteElement), ...put.map(putElement), ...removed.map(deleteElement)];
  }
  return [...updated.map(putElement), ...[...dropped, ...removed].map(deleteElement), ...added.map(putElement)];
}

function deleteElement(id: string): WbxElement {
  return el('FolderHierarchy:Delete', el('FolderHierarchy:ServerId', id));
}

function putElement({ kind, folder: { id, parentId, name, type } }: PutFolder): WbxElement {
  return el(
    kind === 'add' ? 'FolderHierarchy:Add' : 'FolderHierarchy:Update',
    el('FolderHierarchy:ServerId', id),
    el('FolderHierarchy:ParentId', parentId),
    el('FolderHierarchy:DisplayName', name),
    el('FolderHierarchy:Type', type),
  );
}
