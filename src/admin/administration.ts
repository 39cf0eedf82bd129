import { ACCESS_CALLS, type AccessCalls } from './calls/access.ts';
import { APP_PASSWORD_CALLS, type AppPasswordCalls } from './calls/app-passwords.ts';
import { CHECK_CALLS, type CheckCalls } from './calls/check.ts';
import { CONFLICT_CALLS, type ConflictCalls } from './calls/conflicts.ts';
import { DEVICE_CALLS, type DeviceCalls } from './calls/devices.ts';
import { FOLDER_CALLS, type FolderCalls } from './calls/folders.ts';
import { LOG_CALLS, type LogCalls } from './calls/logs.ts';
import { OUTBOX_CALLS, type OutboxCalls } from './calls/outbox.ts';
import { POLICY_CALLS, type PolicyCalls } from './calls/policy.ts';
import { QUARANTINE_CALLS, type QuarantineCalls } from './calls/quarantine.ts';
import { RECORDING_CALLS, type RecordingCalls } from './calls/recordings.ts';
import { RECOVERY_PASSWORD_CALLS, type RecoveryPasswordCalls } from './calls/recovery-passwords.ts';
import { SERVICE_CALLS, type ServiceCalls } from './calls/services.ts';
import { TRANSFER_CALLS, type TransferCalls } from './calls/transfer.ts';
import { USER_CALLS, type UserCalls } from './calls/users.ts';
import { WATCH_CALLS, type WatchCalls } from './calls/watch.ts';
import { WIPE_CALLS, type WipeCalls } from './calls/wipe.ts';

/**
 * What an administrator can do. Every call takes and gives plain data (JSON and bytes), so that it works the same in
 * process and over the local socket. Refusals are `GatewayError`.
 */
export interface Administration
  extends UserCalls,
    AppPasswordCalls,
    FolderCalls,
    TransferCalls,
    DeviceCalls,
    RecoveryPasswordCalls,
    WipeCalls,
    ConflictCalls,
    AccessCalls,
    QuarantineCalls,
    OutboxCalls,
    PolicyCalls,
    LogCalls,
    RecordingCalls,
    WatchCalls,
    ServiceCalls,
    CheckCalls {}

/** Every call, for the two ends of the socket. */
export const ADMINISTRATION_CALLS = [
  ...USER_CALLS,
  ...APP_PASSWORD_CALLS,
  ...FOLDER_CALLS,
  ...TRANSFER_CALLS,
  ...DEVICE_CALLS,
  ...RECOVERY_PASSWORD_CALLS,
  ...WIPE_CALLS,
  ...CONFLICT_CALLS,
  ...ACCESS_CALLS,
  ...QUARANTINE_CALLS,
  ...OUTBOX_CALLS,
  ...POLICY_CALLS,
  ...LOG_CALLS,
  ...RECORDING_CALLS,
  ...WATCH_CALLS,
  ...SERVICE_CALLS,
  ...CHECK_CALLS,
] as const satisfies readonly (keyof Administration)[];

export type AdministrationCall = (typeof ADMINISTRATION_CALLS)[number];
