import type { StatusTable } from '../table.ts';
import { BODY_PART_ROWS } from './body-part.ts';
import { COMMON_ROWS } from './common.ts';
import { FOLDER_ROWS } from './folders.ts';
import { ITEM_OPERATIONS_ROWS } from './item-operations.ts';
import { MAIL_ROWS } from './mail.ts';
import { MEETING_RESPONSE_ROWS } from './meeting-response.ts';
import { ESTIMATE_ROWS, MOVE_ITEMS_ROWS } from './moves.ts';
import { PROVISION_ROWS } from './provision.ts';
import { RESOLVE_RECIPIENTS_ROWS } from './resolve-recipients.ts';
import { SEARCH_ROWS } from './search.ts';
import { SETTINGS_ROWS } from './settings.ts';
import { SYNC_ROWS } from './sync.ts';
import { PING_ROWS } from './waiting.ts';

/** Every status that a command may answer with, served commands in the order of OPTIONS. */
export const ALL_ROWS: readonly StatusTable[] = [
  SYNC_ROWS,
  ...MAIL_ROWS,
  ...FOLDER_ROWS,
  MOVE_ITEMS_ROWS,
  ESTIMATE_ROWS,
  MEETING_RESPONSE_ROWS,
  ...SEARCH_ROWS,
  ...SETTINGS_ROWS,
  PING_ROWS,
  ITEM_OPERATIONS_ROWS,
  ...PROVISION_ROWS,
  ...RESOLVE_RECIPIENTS_ROWS,
  BODY_PART_ROWS,
  COMMON_ROWS,
];
