import type { UserDetails } from '../../calls/users.ts';
import { html, type Part } from '../html.ts';
import { bytesText, counted, facts } from './texts.ts';

/** What a mailbox holds of what it may, in words and as a bar. */
export function usageView(user: Pick<UserDetails, 'usedBytes' | 'items' | 'quotaBytes' | 'quotaItems'>): Part {
  return facts([
    ['Space', used(bytesText(user.usedBytes), user.usedBytes, user.quotaBytes, bytesText, 'Space')],
    ['Items', used(counted(user.items, 'item'), user.items, user.quotaItems, String, 'Items')],
  ]);
}

function used(text: string, value: number, limit: number | null, say: (value: number) => string, label: string): Part {
  if (limit === null) return `${text}, no limit`;
  const high = Math.floor(limit * 0.9);
  return html`${text} of ${say(limit)}<br><meter aria-label="${label}" min="0" max="${limit}" high="${high}" optimum="0" value="${Math.min(value, limit)}">${text}</meter>`;
}
