import type { CommandName } from './query/commands.ts';
import type { WbxElement } from './wbxml/element.ts';
import { el } from './wbxml/element.ts';
import type { ElementName } from './wbxml/elements.ts';

/** The code page that holds each command's root and its Status (MS-ASWBXML §2.1.2.1); GetAttachment has no documents. */
const PAGE_OF: Readonly<Record<Exclude<CommandName, 'GetAttachment'>, string>> = {
  Sync: 'AirSync',
  SendMail: 'ComposeMail',
  SmartForward: 'ComposeMail',
  SmartReply: 'ComposeMail',
  FolderSync: 'FolderHierarchy',
  FolderCreate: 'FolderHierarchy',
  FolderDelete: 'FolderHierarchy',
  FolderUpdate: 'FolderHierarchy',
  MoveItems: 'Move',
  GetItemEstimate: 'GetItemEstimate',
  MeetingResponse: 'MeetingResponse',
  Search: 'Search',
  Settings: 'Settings',
  Ping: 'Ping',
  ItemOperations: 'ItemOperations',
  Provision: 'Provision',
  ResolveRecipients: 'ResolveRecipients',
  ValidateCert: 'ValidateCert',
  Find: 'Find',
};

/** The root element of a command's documents; null for GetAttachment. */
export function rootOf(command: CommandName): ElementName | null {
  return command === 'GetAttachment' ? null : (`${PAGE_OF[command]}:${command}` as ElementName);
}

/**
 * The document that says nothing but a status: root and Status of the command. That of MeetingResponse has its place in a Result
 * (MS-ASCMD §2.2.3.177.9).
 */
export function statusDocument(command: CommandName, status: number): WbxElement {
  if (command === 'GetAttachment') throw new TypeError('GetAttachment answers no document.');
  const page = PAGE_OF[command];
  const said = el(`${page}:Status` as ElementName, status);
  return el(
    `${page}:${command}` as ElementName,
    command === 'MeetingResponse' ? el('MeetingResponse:Result', said) : said,
  );
}
