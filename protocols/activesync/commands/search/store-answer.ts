import { el, type WbxElement } from '../../wbxml/element.ts';

/** Statuses of a Store (MS-ASCMD §2.2.3.177.13). */
export const STORE_STATUS = {
  done: 1,
  invalid: 2,
  serverError: 3,
  tooComplex: 8,
  /** The time was over; what was found by then is in the answer. */
  timedOut: 10,
  folderSyncFirst: 11,
  /** The range begins behind the last result. */
  beyondResults: 12,
  blocked: 13,
  /** Common (MS-ASCMD §2.2.2), said of the store: a part of bodies in another form than HTML. */
  bodyPartType: 164,
} as const;

/** A Store that was not searched, or not to the end. */
export function refusedStore(status: (typeof STORE_STATUS)[keyof typeof STORE_STATUS]): WbxElement {
  return el('Search:Store', el('Search:Status', status));
}

/**
 * A Store with its results. Some clients stop without Total, or without a Result: one without content stands for none
 * (MS-ASCMD §2.2.3.155.2).
 * @param first Number of the first of `results`.
 */
export function answeredStore(
  results: readonly WbxElement[],
  first: number,
  total: number,
  status: typeof STORE_STATUS.done | typeof STORE_STATUS.timedOut = STORE_STATUS.done,
): WbxElement {
  const last = first + results.length - 1;
  return el(
    'Search:Store',
    el('Search:Status', status),
    results.length === 0 ? el('Search:Result') : results,
    results.length === 0 ? null : el('Search:Range', `${first}-${last}`),
    el('Search:Total', total),
  );
}
