import type { EmailRenderOptions } from '../../../../../protocols/activesync/classes/email/email-options.ts';
import type { EmailState } from '../../../../../protocols/activesync/classes/email/email-state.ts';
import type { StoredMessage } from '../../../../../protocols/activesync/classes/email/message-view.ts';
import { indexMessage } from '../../../../../src/formats/mime/message-indexer.ts';
import { options } from '../samples.ts';

export const NEW: EmailState = { read: false, categories: [], flag: null, lastVerb: null };

export function storedMessage(bytes: Uint8Array, receivedAt = Date.UTC(2026, 2, 2, 9) / 1000): StoredMessage {
  return {
    index: indexMessage(bytes),
    async *open() {
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
    },
    receivedAt,
    reference: '5:17',
  };
}

export function messageOf(...lines: readonly string[]): StoredMessage {
  return storedMessage(Buffer.from(lines.join('\r\n')));
}

export function emailOptions(change: Partial<EmailRenderOptions> = {}): EmailRenderOptions {
  return { ...options(), mimeSupport: 0, ...change };
}
