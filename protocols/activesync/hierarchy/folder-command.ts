import type { ClassVersion } from '../classes/version.ts';
import type { EasBody, EasCommand, EasContext } from '../command.ts';
import { noteRefusal } from '../note-refusal.ts';
import type { CommandName } from '../query/commands.ts';
import { statusDocument } from '../roots.ts';
import { EasStatusError } from '../status.ts';
import { type Collection, collectionsOf } from '../translate/view.ts';
import type { WbxElement } from '../wbxml/element.ts';
import type { ElementName } from '../wbxml/elements.ts';
import { requiredChild, textOf } from '../wbxml/read-element.ts';
import { MAX_NAME_LENGTH } from './shown-folders.ts';

/**
 * What a folder command answers in its Status: 2 name taken, 3 or 2 a folder that stays, 4 no such folder, 5 no such parent,
 * 9 key unknown, 10 malformed (MS-ASCMD §2.2.3.177.3 to §2.2.3.177.6).
 */
export type FolderStatus = 2 | 3 | 4 | 5 | 9 | 10;

/** Ends a folder command; thrown within its transaction it leaves nothing done. */
export class FolderRefusal extends Error {
  readonly status: FolderStatus;

  constructor(status: FolderStatus, message: string) {
    super(message);
    this.name = 'FolderRefusal';
    this.status = status;
  }
}

/** MS-ASCMD: the device begins again with key 0. */
export function keyUnknown(): FolderRefusal {
  return new FolderRefusal(9, 'the key of the hierarchy is unknown');
}

type FolderCommandName = Extract<CommandName, `Folder${string}`>;

/** A command that answers a document, or a `FolderRefusal` by its Status. */
export function folderCommand(
  name: FolderCommandName,
  respond: (context: EasContext, root: WbxElement) => Promise<WbxElement>,
): EasCommand {
  return {
    name,
    protocolError: 10,
    takes: {},
    async handle(context, body) {
      try {
        return { kind: 'document', root: await respond(context, documentOf(body)) };
      } catch (error) {
        if (!(error instanceof FolderRefusal)) throw error;
        noteRefusal(context.logFields, error);
        return { kind: 'document', root: statusDocument(name, error.status) };
      }
    },
  };
}

function documentOf(body: EasBody): WbxElement {
  if (body.kind !== 'document') throw new EasStatusError(101, 'there is no document');
  return body.root;
}

/** Text that must be there, without the white space around it. @throws WbxValueError */
export function requiredText(root: WbxElement, name: ElementName): string {
  return textOf(requiredChild(root, name)).trim();
}

/** The name that a client chose (MS-ASCMD §2.2.3.49.3), in NFC. @throws WbxValueError, FolderRefusal 10 */
export function requiredName(root: WbxElement): string {
  const name = requiredText(root, 'FolderHierarchy:DisplayName').normalize('NFC');
  if (name === '') throw new FolderRefusal(10, 'the name is empty');
  if (name.length > MAX_NAME_LENGTH) throw new FolderRefusal(10, `the name has ${name.length} characters`);
  if (/[\u0000-\u001f\u007f]/.test(name)) throw new FolderRefusal(10, 'the name has control characters');
  return name;
}

/** Whether this is the view that stands for the folder itself: further ones live and end with it. */
export function isPrimary({ id, folder }: Collection, version: ClassVersion): boolean {
  return collectionsOf(folder, version)[0]?.id === id;
}
