import type { ErrorCode, GatewayError } from '../../src/domain/errors.ts';
import { type ClassVersion, isAtLeast, isKnown } from './classes/version.ts';
import { COMMON_HTTP, type CommonStatus } from './common-status.ts';
import type { CommandName } from './query/commands.ts';
import { rootOf } from './roots.ts';

/** A request that ends with one of the common statuses (MS-ASCMD §2.2.2): a Status element from 14.0 on, an HTTP status before. */
export class EasStatusError extends Error {
  readonly status: CommonStatus;
  /** Answered by HTTP in 12.1 where the table of the specification says otherwise for this circumstance. */
  readonly http: number;

  /** @param message For the log: what was wrong with what. */
  constructor(status: CommonStatus, message: string, http: number = COMMON_HTTP[status]) {
    super(message);
    this.name = 'EasStatusError';
    this.status = status;
    this.http = http;
  }
}

/** Every way the core refuses, in ActiveSync's words. Commands with a status of their own for it look before this. */
const STATUS: { readonly [C in ErrorCode]: CommonStatus } = {
  'folder-not-found': 150,
  'item-not-found': 150,
  'access-denied': 130,
  'revision-mismatch': 111,
  'cursor-expired': 132,
  'uid-conflict': 105,
  'name-taken': 105,
  'name-invalid': 103,
  'content-invalid': 103,
  'object-invalid': 103,
  'content-unsupported': 147,
  'component-unsupported': 147,
  'item-too-large': 122,
  'quota-exceeded': 113,
  'filter-unsupported': 103,
  'too-many-results': 151,
  protected: 130,
  'wipe-refused': 130,
  'storage-full': 113,
  'message-invalid': 107,
  'no-recipient': 119,
  'recipient-invalid': 116,
  'submission-refused': 120,
  'store-unavailable': 114,
};

export function commonStatusOf(error: GatewayError): CommonStatus {
  return STATUS[error.code];
}

/** The HTTP status that stands for a common status before 14.0 (MS-ASCMD §2.2.2, MS-ASHTTP §2.2.2.1.1). */
export function httpStatusOf(status: CommonStatus, command: CommandName): number {
  // MS-ASCMD §2.2.2: these two say something else for one command each.
  if (status === 106 && command === 'SendMail') return 500;
  if (status === 132 && command === 'Provision') return 500;
  return COMMON_HTTP[status];
}

/** Whether this version says common statuses in a document; it has none for GetAttachment and for commands of later versions. */
export function hasCommonStatus(version: ClassVersion, command: CommandName): boolean {
  const root = rootOf(command);
  return isAtLeast(version, '14.0') && root !== null && isKnown(root, version);
}
