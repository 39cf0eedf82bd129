import { type GatewayError, isGatewayError } from '../../domain/errors.ts';
import { storageFull, unavailable } from '../refusals.ts';

/** SQLite primary result codes (sqlite.org/rescode.html) that mean circumstances, not a bug of ours. */
const CIRCUMSTANCES: Readonly<Record<number, string>> = {
  5: 'another program holds the database; close it',
  6: 'a table is locked; try again',
  7: 'there is no memory left',
  8: 'the database file is read-only; check its owner and mode',
  10: 'reading or writing the disk failed; check the disk',
  11: 'the database file is damaged; restore a backup',
  14: 'the database file cannot be opened; check its owner and mode',
  26: 'the database file is damaged or no database at all; restore a backup',
};

/** SQLITE_FULL, and SQLITE_IOERR_SHMSIZE: the index of the write-ahead log cannot grow. */
const FULL = new Set([13, 4874]);
/** What the system says where a file is made or copied. */
const FULL_CODES = new Set(['ENOSPC', 'EDQUOT']);

/**
 * Turns an error that is about circumstances into 'storage-full' or 'store-unavailable'; gives anything else back as it
 * is.
 */
export function translateError(error: unknown): unknown {
  const refusal = refusalFor(error);
  if (refusal === null) return error;
  refusal.cause = error;
  return refusal;
}

function refusalFor(error: unknown): GatewayError | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && FULL_CODES.has(String(error.code))) return storageFull();
  if (!('errcode' in error) || typeof error.errcode !== 'number') return null;
  if (FULL.has(error.errcode)) return storageFull();
  // Extended codes carry the primary one in their low byte.
  const reason = CIRCUMSTANCES[error.errcode & 0xff];
  return reason === undefined ? null : unavailable(`The store cannot answer: ${reason}.`);
}

/** Whether an error comes from the store's circumstances, so that a write may have been left half done. */
export function isStoreFailure(error: unknown): boolean {
  return isGatewayError(error, 'store-unavailable') || isGatewayError(error, 'storage-full');
}

/** What those are told whose finished work went down with a transaction that was lost. */
export function lostWith(error: unknown): unknown {
  const translated = translateError(error);
  if (isStoreFailure(translated)) return translated;
  const refusal = unavailable('The store could not commit; nothing was written.');
  refusal.cause = error;
  return refusal;
}
