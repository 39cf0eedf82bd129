import { isAscii } from 'node:buffer';
import type { MessageIndex } from '../formats/mime/message-index.ts';
import { indexStream } from '../formats/mime/message-indexer.ts';
import { MimeError } from '../formats/mime/mime-error.ts';
import { textMessage } from '../formats/mime/text-message.ts';
import { planText } from '../formats/mime/text-plan.ts';
import type { RelayRequest, Verdict } from './relay.ts';
import type { RelayAbilities } from './relay-abilities.ts';

/** A message as a relay takes it, for those whom it takes; the others have their verdict. */
export interface RelayForm {
  readonly request: RelayRequest;
  readonly refused: ReadonlyMap<string, Verdict>;
}

/** Whether a message needs more of the relay than plain SMTP does. */
export async function needsAbilities({ sender, recipients, content }: RelayRequest): Promise<boolean> {
  return [sender, ...recipients].some(hasUtf8Name) || !(await isPlain(content()));
}

/**
 * What a relay with these abilities is given (RFC 6152 §3, RFC 6531 §3.2): without 8BITMIME the message in ASCII, its 8-bit
 * parts in base64 and its headers in encoded words; without SMTPUTF8 nobody whose name beyond ASCII stands before the @, for
 * which there is no other form. What cannot be said otherwise is refused here, so that the sender is told.
 */
export async function relayForm(request: RelayRequest, abilities: RelayAbilities): Promise<RelayForm> {
  const { takes8Bit, takesUtf8 } = abilities;
  if (takes8Bit && takesUtf8) return { request, refused: new Map() };
  if (!takesUtf8 && hasUtf8Name(request.sender)) return refusedToAll(request, UTF8_SENDER);
  const left = request.recipients.filter((address) => !takesUtf8 && hasUtf8Name(address));
  const refused = new Map(left.map((address): [string, Verdict] => [address, UTF8_RECIPIENT]));
  const rest = { ...request, recipients: request.recipients.filter((address) => !refused.has(address)) };
  if (rest.recipients.length === 0 || (await isPlain(request.content()))) return { request: rest, refused };
  const converted = await inAscii(rest, abilities);
  if ('content' in converted) return { request: converted, refused };
  return { ...refusedToAll(rest, converted), refused: new Map([...refused, ...refusedToAll(rest, converted).refused]) };
}

/** RFC 3463 §3.7 and RFC 6531 §4.2: X.6.3 conversion needed, X.6.7 and X.6.9 addresses and headers beyond ASCII. */
const UTF8_SENDER = refusal(
  '5.6.7',
  'the relay takes no sender with letters beyond ASCII before the @ (no SMTPUTF8); the address needs a plain spelling',
);
const UTF8_RECIPIENT = refusal(
  '5.6.7',
  'the relay takes no address with letters beyond ASCII before the @ (no SMTPUTF8); ask for another address',
);
const UTF8_HEADER = refusal(
  '5.6.9',
  'the relay takes no message that names an address with letters beyond ASCII before the @ (no SMTPUTF8); leave that address out',
);
const SIGNED = refusal(
  '5.6.3',
  'the message is signed as 8-bit text, which the relay does not take (no 8BITMIME), and another form would break the signature; sign it in base64 or quoted-printable, or send it unsigned',
);
const UNREADABLE = refusal(
  '5.6.3',
  'the relay takes no 8-bit text (no 8BITMIME), and the message has too many parts or too long a header to be converted',
);

type Refusal = Verdict & { readonly kind: 'refused' };

function refusal(status: string, reason: string): Refusal {
  return { kind: 'refused', status, reason };
}

function refusedToAll(request: RelayRequest, verdict: Refusal): RelayForm {
  const refused = new Map(request.recipients.map((address): [string, Verdict] => [address, verdict]));
  return { request: { ...request, recipients: [] }, refused };
}

/** The message in ASCII. One that only its header keeps from being taken as it is stays so where that is all there is. */
async function inAscii(request: RelayRequest, { takes8Bit, takesUtf8 }: RelayAbilities) {
  const index = await readIndex(request);
  if (index === null) return takes8Bit ? request : UNREADABLE;
  const plan = await planText(request.content(), index, 'us-ascii');
  if (!plan.isAscii && !takesUtf8) return UTF8_HEADER;
  // 8-bit bodies are taken: with nothing else in the way, none of them is touched.
  if (takes8Bit && (plan.breaksSignature || !(await hasUtf8Header(request, index)))) return request;
  if (plan.breaksSignature) return SIGNED;
  return { ...request, size: plan.byteLength, content: () => textMessage(request.content(), plan) };
}

async function readIndex({ content }: RelayRequest): Promise<MessageIndex | null> {
  try {
    return await indexStream(content());
  } catch (error) {
    if (error instanceof MimeError) return null;
    throw error;
  }
}

/** RFC 6532: a header in UTF-8 is for those who announce SMTPUTF8. */
async function hasUtf8Header({ content }: RelayRequest, { root }: MessageIndex): Promise<boolean> {
  let position = 0;
  for await (const chunk of content()) {
    if (!isAscii(chunk.subarray(0, Math.max(0, root.header.end - position)))) return true;
    position += chunk.length;
    if (position >= root.header.end) return false;
  }
  return false;
}

async function isPlain(content: AsyncIterable<Uint8Array>): Promise<boolean> {
  for await (const chunk of content) if (!isAscii(chunk)) return false;
  return true;
}

/** Domains have an ASCII form, names before the @ have none. */
function hasUtf8Name(address: string): boolean {
  return !/^[\x00-\x7f]*$/.test(address.slice(0, Math.max(0, address.lastIndexOf('@'))));
}
