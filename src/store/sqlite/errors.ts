import { type GatewayError, isGatewayError } from '../../domain/errors.ts';
import { unavailable } from '../refusals.ts';

/** SQLite primary result codes (sqlite.org/rescode.html) that mean circumstances, not a bug of ours. */
const CIRCUMSTANCES: Readonly<Record<number, string>> = {
  5: 'another program holds the database; close it',
  6: 'a table is locked; try again',
  7: 'there is no memory left',
  8: 'the database file is read-only; check its owner and mode',
  10: 'reading or writing the disk failed; check the disk',
  11: 'the database file is damaged; restore a backup',
  13: 'the disk is full; free some space',
  14: 'the database file cannot be opened; check its owner and mode',
  26: 'the database file is damaged or no database at all; restore a backup',
};

/** Turns an SQLite error that is about circumstances into 'store-unavailable'; gives anything else back as it is. */
export function translateError(error: unknown): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
  // Extended codes carry the primary one in their low byte.
  const reason = CIRCUMSTANCES[error.errcode & 0xff];
  if (reason === undefined) return error;
  const refusal: GatewayError<'store-unavailable'> = unavailable(`The store cannot answer: ${reason}.`);
  refusal.cause = error;
  return refusal;
}

/** What those are told whose finished work went down with a transaction that was lost. */
export function lostWith(error: unknown): unknown {
  const translated = translateError(error);
  if (isGatewayError(translated, 'store-unavailable')) return translated;
  const refusal = unavailable('The store could not commit; nothing was written.');
  refusal.cause = error;
  return refusal;
}
