import type { MessageIndex } from './message-index.ts';

/** How a message is protected as a whole. */
export type MessageSecurity = 'signed' | 'encrypted';

/**
 * Whether a message is signed or encrypted as a whole, by S/MIME (RFC 8551 §3) or in the frames of RFC 1847, which OpenPGP
 * uses; null for neither. Of `application/pkcs7-mime` the parameter tells; without it the message counts as encrypted.
 */
export function securityOf({ root }: Pick<MessageIndex, 'root'>): MessageSecurity | null {
  if (root.mediaType === 'multipart/signed') return 'signed';
  if (root.mediaType === 'multipart/encrypted') return 'encrypted';
  if (!/^application\/(?:x-)?pkcs7-mime$/.test(root.mediaType)) return null;
  return root.parameters.get('smime-type')?.toLowerCase() === 'signed-data' ? 'signed' : 'encrypted';
}
