import type { ErrorCode, GatewayError } from '../../../../src/domain/errors.ts';
import type { ItemOutcome } from '../../../../src/sync/request.ts';

/** Statuses of a Sync, its collections and its commands (MS-ASCMD §2.2.3.177.17). */
export const SYNC_STATUS = {
  done: 1,
  /** The key is lost: the device starts the collection again. */
  invalidKey: 3,
  protocolError: 4,
  /** A mistake of ours. */
  serverError: 5,
  /** This item cannot be taken; it is not to be sent again. */
  conversion: 6,
  /** Somebody else changed it too, and the server's version stands. */
  conflict: 7,
  notFound: 8,
  /** The mailbox is full. */
  noSpace: 9,
  /** FolderSync first. */
  hierarchyChanged: 12,
  /** Try again later. */
  retry: 16,
} as const;

export type SyncStatus = (typeof SYNC_STATUS)[keyof typeof SYNC_STATUS];

/** Why a command was refused, in Sync's words. */
const REFUSAL: { readonly [C in ErrorCode]: SyncStatus } = {
  'folder-not-found': SYNC_STATUS.notFound,
  'item-not-found': SYNC_STATUS.notFound,
  'access-denied': SYNC_STATUS.conversion,
  'revision-mismatch': SYNC_STATUS.conflict,
  'cursor-expired': SYNC_STATUS.invalidKey,
  'uid-conflict': SYNC_STATUS.conversion,
  'name-taken': SYNC_STATUS.conversion,
  'name-invalid': SYNC_STATUS.conversion,
  'content-invalid': SYNC_STATUS.conversion,
  'object-invalid': SYNC_STATUS.conversion,
  'content-unsupported': SYNC_STATUS.conversion,
  'component-unsupported': SYNC_STATUS.conversion,
  'item-too-large': SYNC_STATUS.conversion,
  'quota-exceeded': SYNC_STATUS.noSpace,
  'filter-unsupported': SYNC_STATUS.conversion,
  'too-many-results': SYNC_STATUS.conversion,
  protected: SYNC_STATUS.conversion,
  'wipe-refused': SYNC_STATUS.conversion,
  'storage-full': SYNC_STATUS.retry,
  // Nothing is sent by Sync before 16.0.
  'message-invalid': SYNC_STATUS.conversion,
  'no-recipient': SYNC_STATUS.conversion,
  'recipient-invalid': SYNC_STATUS.conversion,
  'submission-refused': SYNC_STATUS.conversion,
  'store-unavailable': SYNC_STATUS.retry,
};

export function statusOfRefusal(error: GatewayError): SyncStatus {
  return REFUSAL[error.code];
}

export function statusOfOutcome({ status, error }: ItemOutcome): SyncStatus {
  switch (status) {
    case 'done':
      return SYNC_STATUS.done;
    case 'conflict':
      return SYNC_STATUS.conflict;
    case 'not-found':
      return SYNC_STATUS.notFound;
    case 'refused':
      // A disk that is really full fails the whole request; what reaches an item is a limit, which the others do not suffer from.
      if (error?.code === 'storage-full') return SYNC_STATUS.noSpace;
      return error === null ? SYNC_STATUS.conversion : statusOfRefusal(error);
  }
}
