import type { EasCommand, EasCommands } from '../command.ts';
import { FOLDER_CREATE } from './folder-create.ts';
import { FOLDER_DELETE } from './folder-delete.ts';
import { FOLDER_SYNC } from './folder-sync.ts';
import { FOLDER_UPDATE } from './folder-update.ts';
import { GET_ATTACHMENT } from './get-attachment.ts';
import { GET_ITEM_ESTIMATE } from './get-item-estimate.ts';
import { ITEM_OPERATIONS } from './item-operations/item-operations.ts';
import { MEETING_RESPONSE } from './meeting-response/meeting-response.ts';
import { MOVE_ITEMS } from './move-items.ts';
import { PING } from './ping.ts';
import { PROVISION } from './provision/provision.ts';
import { RESOLVE_RECIPIENTS } from './resolve-recipients/resolve-recipients.ts';
import { SEARCH } from './search/search.ts';
import { SEND_MAIL } from './send-mail.ts';
import { SETTINGS } from './settings/settings.ts';
import { SMART_FORWARD } from './smart-forward.ts';
import { SMART_REPLY } from './smart-reply.ts';
import { SYNC } from './sync.ts';

/** Every command that is served, in the order in which OPTIONS lists them: one file each. */
const COMMANDS: readonly EasCommand[] = [
  SYNC,
  SEND_MAIL,
  SMART_FORWARD,
  SMART_REPLY,
  GET_ATTACHMENT,
  FOLDER_SYNC,
  FOLDER_CREATE,
  FOLDER_DELETE,
  FOLDER_UPDATE,
  MOVE_ITEMS,
  GET_ITEM_ESTIMATE,
  MEETING_RESPONSE,
  SEARCH,
  SETTINGS,
  PING,
  ITEM_OPERATIONS,
  PROVISION,
  RESOLVE_RECIPIENTS,
];

export const EAS_COMMANDS: EasCommands = new Map(COMMANDS.map((command) => [command.name, command]));
