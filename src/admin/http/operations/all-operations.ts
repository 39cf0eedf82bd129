import type { Operation } from '../operation.ts';
import { APP_PASSWORD_OPERATIONS } from './app-password-operations.ts';
import { DEVICE_OPERATIONS } from './device-operations.ts';
import { ITEM_OPERATIONS } from './item-operations.ts';
import { POLICY_OPERATIONS } from './policy-operations.ts';
import { RECORDING_OPERATIONS } from './recording-operations.ts';
import { SERVER_OPERATIONS } from './server-operations.ts';
import { TOKEN_OPERATIONS } from './token-operations.ts';
import { USER_OPERATIONS } from './user-operations.ts';
import { WATCH_OPERATIONS } from './watch-operations.ts';
import { WIPE_OPERATIONS } from './wipe-operations.ts';

/** What answers each operation of openapi/admin.yaml, by its `operationId`; `documentShow` is answered by the site itself. */
export const ALL_OPERATIONS: Readonly<Record<string, Operation>> = {
  ...TOKEN_OPERATIONS,
  ...USER_OPERATIONS,
  ...DEVICE_OPERATIONS,
  ...WIPE_OPERATIONS,
  ...APP_PASSWORD_OPERATIONS,
  ...POLICY_OPERATIONS,
  ...WATCH_OPERATIONS,
  ...SERVER_OPERATIONS,
  ...RECORDING_OPERATIONS,
  ...ITEM_OPERATIONS,
};
