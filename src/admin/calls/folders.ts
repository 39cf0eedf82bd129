import type { Folder, NewFolder } from '../../domain/folder.ts';

export type FolderSummary = NewFolder & Pick<Folder, 'id'>;

/** The folders of a mailbox. */
export interface FolderCalls {
  folderList(input: { readonly address: string }): Promise<readonly FolderSummary[]>;
}

export const FOLDER_CALLS = ['folderList'] as const satisfies readonly (keyof FolderCalls)[];
