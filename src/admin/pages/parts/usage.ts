import { bytesText } from '../../../config/byte-sizes.ts';
import type { MailboxUsage } from '../../calls/watch.ts';
import { html, type Part } from '../html.ts';
import { shareMeter } from './quota-parts.ts';
import { counted, facts } from './texts.ts';

/** What a mailbox holds of what it may. */
export function usageView(usage: MailboxUsage): Part {
  const { usedBytes, items, quota, isWarned } = usage;
  return [
    isWarned &&
      html`<p class="box warning">The mailbox is nearly full. What does not fit any more is refused: remove what you do not need, or ask for more.</p>`,
    facts([
      ['Size', `${bytesText(usedBytes)}${quota.bytes === null ? '' : ` of ${bytesText(quota.bytes)}`}`],
      ['Items', `${counted(items, 'item')}${quota.items === null ? '' : ` of ${quota.items}`}`],
      ['Used', shareMeter(usage)],
    ]),
  ];
}
