import { inLog } from '../observe/log-names.ts';
import type { MailServices } from './services.ts';

/**
 * What becomes of a message. `accepted`: taken by LMTP; `delivered`: in a mailbox here; `submitted`: a program here gave it;
 * `relayed`: all its recipients were reached, or it is the next server's affair; `deferred`: kept in the Outbox; `refused`:
 * not taken; `bounced`: given up, with a report to its sender; `cancelled`: taken out of the Outbox.
 */
export type MailEvent =
  | 'accepted'
  | 'delivered'
  | 'submitted'
  | 'relayed'
  | 'deferred'
  | 'refused'
  | 'bounced'
  | 'cancelled'
  | 'auto-reply';

const TROUBLE: ReadonlySet<MailEvent> = new Set(['deferred', 'refused', 'bounced']);

/** Writes a line of the mail log, and has it counted. */
export function mailEvent(
  { log, onMail }: Pick<MailServices, 'log' | 'onMail'>,
  event: MailEvent,
  fields: Readonly<Record<string, unknown>>,
  message: string,
): void {
  onMail?.(event);
  inLog(log, 'mail')[TROUBLE.has(event) ? 'warn' : 'info']({ event, ...fields }, message);
}
