/** Some reasons quote what a client sent, which may be of any length. */
const LONGEST_REASON = 240;

/** Writes why a request, or a part of it, was refused into the request's log line. */
export function noteRefusal(logFields: Record<string, unknown>, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  logFields.refused = reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON).toWellFormed()}…` : reason;
}
