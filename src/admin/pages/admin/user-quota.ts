import type { MailboxUsage } from '../../calls/watch.ts';
import type { Part } from '../html.ts';
import type { Form } from '../http/form.ts';
import type { Visit } from '../page.ts';
import { button, field, form } from '../parts/forms.ts';
import { shareMeter, sizeField, sizeOf } from '../parts/quota-parts.ts';
import { facts, section } from '../parts/texts.ts';

/** What a user's mailbox may hold: of its own, or as the domain or everybody. */
export async function quotaSection(visit: Visit, address: string): Promise<Part> {
  if (!visit.can('usageShow')) return null;
  const usage = await visit.calls.usageShow({ address });
  return section('Quota', [
    facts([['Used', shareMeter(usage)]]),
    visit.can('userQuotaSet') &&
      form(visit, 'quota', (own) => [
        field(own, 'bytes', 'Size', { value: ownText(usage.own.bytes, sizeField), hint: HINT }),
        field(own, 'items', 'Items', { value: ownText(usage.own.items, String), hint: HINT }),
        button('Set the quota'),
      ]),
  ]);
}

const HINT = 'Empty: as for the domain or everybody; none: no limit.';

function ownText(own: MailboxUsage['own']['bytes'], text: (limit: number) => string): string {
  if (own === null) return '';
  return own === 'none' ? 'none' : text(own);
}

/** @throws GatewayError 'object-invalid' */
export function ownQuotaOf(sent: Form): MailboxUsage['own'] {
  return {
    bytes: sent.text('bytes') === 'none' ? 'none' : sizeOf(sent.text('bytes'), 'The size'),
    items: sent.text('items') === 'none' ? 'none' : sent.number('items', 'Items'),
  };
}
