import { ContentSyntaxError } from '../../../src/formats/content-line/syntax-error.ts';
import type { DavContext } from '../context.ts';

/**
 * Counts, for the request's log line, a stored object that a report could not read or work out as asked (imported with
 * values that are none, a series of millions). The report goes on without, since one odd object must not hide the others.
 */
export function countOdd(context: DavContext): void {
  context.logFields.oddObjects = Number(context.logFields.oddObjects ?? 0) + 1;
}

/** What `read` makes of a stored object; of one that cannot be read, which is counted, what `instead` gives. */
export function readOr<T>(context: DavContext, read: () => T, instead: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ContentSyntaxError)) throw error;
    countOdd(context);
    return instead();
  }
}
