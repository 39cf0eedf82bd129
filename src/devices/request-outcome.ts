/** What the log line of a request tells of its end. */
export interface RequestOutcome {
  readonly method: string;
  /** HTTP; null: the connection ended without an answer. */
  readonly status: number | null;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What clients ask about on their way: whether something is there, is still the same. */
const NO_ERRORS: readonly number[] = [401, 404, 412];

/** Whether a request was answered as it was asked: what ended without an answer tells nothing. */
export function wentWell(outcome: RequestOutcome): boolean {
  return outcome.status !== null && outcome.status < 400 && errorOf(outcome) === null;
}

/** An error in words: what was asked, what was answered, why; null for a request that went well. */
export function errorOf({ method, status, fields }: RequestOutcome): string | null {
  const { command, refused, statuses } = fields;
  const failed = Array.isArray(statuses) && statuses.length > 0 ? `status ${statuses.join(', ')}` : null;
  const isHttpError = status !== null && status >= 400 && !NO_ERRORS.includes(status);
  if (typeof refused !== 'string' && failed === null && !isHttpError) return null;
  const parts = [typeof command === 'string' ? command : method];
  if (isHttpError) parts.push(`HTTP ${status}`);
  if (typeof fields.commonStatus === 'number') parts.push(`status ${fields.commonStatus}`);
  if (failed !== null) parts.push(failed);
  return typeof refused === 'string' ? `${parts.join(', ')}: ${unquoted(refused)}` : parts.join(', ');
}

/** Reasons quote what a client sent, which may be of a message or a password: it is kept for long, and shown to others than its owner. */
function unquoted(reason: string): string {
  return reason.replaceAll(/"(?:[^"\\]|\\.)*(?:"|$)/gs, '"…"');
}
