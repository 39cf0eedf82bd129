/** Commands done under one key; a device that goes beyond it starts again. */
export const MAX_JOURNAL = 1_000;
/** Adds carried over a new start; the oldest are dropped. */
export const MAX_CARRIED = 1_000;
/** Quarantined items of one device and folder above which somebody should look. */
export const QUARANTINE_ALARM = 100;
/** Rows of the feed, or items at the edge, that one step reads. */
export const ROWS_PER_PAGE = 500;
/** Steps without a command for the device after which an answer says that there is more. */
export const MAX_PAGES = 20;
/** Repeats of a key from which the cache is not asked and the window is halved each time. */
export const SUSPICIOUS_REPEATS = 3;
/** How long the version that lost a conflict is kept. */
export const LOSER_DAYS = 30;
/** No client asks again for an answer it lost a week ago. */
export const DONE_OPERATION_DAYS = 7;
