import { addressOf } from '../../../../src/domain/address.ts';
import type { Item, ItemFlags } from '../../../../src/domain/item.ts';
import { addressKey } from '../../../../src/mail/mail-address.ts';
import { readHeader } from '../../../../src/mail/read-header.ts';
import { readRecipients } from '../../../../src/mail/recipients.ts';
import type { SubmissionRequest } from '../../../../src/mail/submission.ts';
import type { EasContext } from '../../command.ts';

/**
 * Writes on a message that it was answered or passed on, with the answer's own transaction: every device shows it. An answer
 * that everybody refused takes the mark with it.
 * @throws GatewayError 'message-invalid', 'no-recipient', 'recipient-invalid'
 */
export function noteVerb(
  { environment, principal }: Pick<EasContext, 'environment' | 'principal'>,
  { id, flags: before }: Item,
  kind: 'reply' | 'forward',
  message: readonly Uint8Array[],
): Required<Pick<SubmissionRequest, 'alsoWrite' | 'alsoTakeBack'>> {
  const at = Math.floor(environment.sync.clock.now() / 1000);
  const own = addressKey(addressOf(principal));
  const others = readRecipients(readHeader(message).fields).filter((address) => addressKey(address) !== own);
  const verb: NonNullable<ItemFlags['lastVerb']>['verb'] = kind === 'reply' && others.length > 1 ? 'reply-all' : kind;
  return {
    async alsoWrite(tx) {
      // It may have been removed meanwhile, and an event has no such mark.
      const item = await tx.item(id);
      if (item?.kind === 'MESSAGE') await tx.setFlags(id, { ...item.flags, lastVerb: { verb, at } });
    },
    async alsoTakeBack(tx) {
      const item = await tx.item(id);
      if (item?.flags.lastVerb?.verb !== verb || item.flags.lastVerb.at !== at) return;
      const { lastVerb: _, ...others } = item.flags;
      await tx.setFlags(id, before.lastVerb === undefined ? others : { ...others, lastVerb: before.lastVerb });
    },
  };
}
