import { addressOf } from '../../../../src/domain/address.ts';
import type { BusyType } from '../../../../src/domain/calendar/busy-periods.ts';
import { isGatewayError } from '../../../../src/domain/errors.ts';
import { busyTimes } from '../../../../src/items/busy-times.ts';
import type { EasContext } from '../../command.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import type { Candidate } from './candidates.ts';

/** MS-ASCMD §2.2.3.177.12 */
const STATUS = { done: 1, failed: 163 } as const;
/** MS-ASCMD §2.2.3.107: one digit for each half hour; the highest that occurs in it. */
const INTERVAL = 1_800;
const DIGIT: Readonly<Record<BusyType, number>> = { 'BUSY-TENTATIVE': 1, BUSY: 2, 'BUSY-UNAVAILABLE': 3 };

/** When a recipient is busy: the person asking knows it of themselves, of nobody else. */
export async function availabilityOf(
  { environment, principal }: EasContext,
  { type, address }: Candidate,
  span: { readonly start: number; readonly end: number },
): Promise<WbxElement> {
  const isOwn = type === 1 && address === addressOf(principal);
  if (!isOwn) return answer(STATUS.failed);
  try {
    const periods = await busyTimes(environment.items, principal, principal.mailboxId, span);
    return periods === null ? answer(STATUS.failed) : answer(STATUS.done, mergedDigits(periods, span));
  } catch (error) {
    if (!isGatewayError(error, 'too-many-results')) throw error;
    return answer(STATUS.failed);
  }
}

function answer(status: number, digits: string | null = null): WbxElement {
  return el(
    'ResolveRecipients:Availability',
    el('ResolveRecipients:Status', status),
    digits === null ? null : el('ResolveRecipients:MergedFreeBusy', digits),
  );
}

function mergedDigits(
  periods: readonly { readonly start: number; readonly end: number; readonly type: BusyType }[],
  { start, end }: { readonly start: number; readonly end: number },
): string {
  const digits = new Array<number>(Math.ceil((end - start) / INTERVAL)).fill(0);
  for (const period of periods) {
    const last = Math.min(digits.length, Math.ceil((period.end - start) / INTERVAL));
    for (let at = Math.max(0, Math.floor((period.start - start) / INTERVAL)); at < last; at += 1) {
      digits[at] = Math.max(digits[at]!, DIGIT[period.type]);
    }
  }
  return digits.join('');
}
