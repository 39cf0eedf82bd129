import { GatewayError } from '../../../../src/domain/errors.ts';
import { EasStatusError } from '../../status.ts';
import { WbxValueError } from '../../wbxml/errors.ts';

/** Statuses of ItemOperations and of each operation (MS-ASCMD §2.2.3.177.8). */
export const OPERATION_STATUS = {
  done: 1,
  protocolError: 2,
  serverError: 3,
  notFound: 6,
  badRange: 8,
  unknownStore: 9,
  emptyFile: 10,
  tooLarge: 11,
  notConverted: 14,
  badReference: 15,
  accessDenied: 16,
  partlyDone: 17,
  moveNeedsAlways: 155,
  moveNeedsMailFolder: 156,
  bodyPartType: 164,
} as const;

export type OperationStatus = (typeof OPERATION_STATUS)[keyof typeof OPERATION_STATUS];

/** The status by which one operation fails, so that the others go on; null for what the whole request fails by. */
export function failureOf(error: unknown): OperationStatus | null {
  if (error instanceof WbxValueError) return OPERATION_STATUS.protocolError;
  if (error instanceof EasStatusError && error.status === 164) return OPERATION_STATUS.bodyPartType;
  if (!(error instanceof GatewayError)) return null;
  switch (error.code) {
    case 'item-not-found':
    case 'folder-not-found':
      return OPERATION_STATUS.notFound;
    case 'access-denied':
      return OPERATION_STATUS.accessDenied;
    default:
      return null;
  }
}
