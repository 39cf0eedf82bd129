import { invitationText } from '../../../../src/domain/message/invitation-text.ts';
import { htmlToText } from '../../../../src/formats/html/html-to-text.ts';
import { textToHtml } from '../../../../src/formats/html/text-to-html.ts';
import { decodePartText } from '../../../../src/formats/mime/decode-part.ts';
import { unflowed } from '../../../../src/formats/mime/flowed.ts';
import type { MessagePart } from '../../../../src/formats/mime/message-index.ts';
import { textMessage } from '../../../../src/formats/mime/text-message.ts';
import { planText } from '../../../../src/formats/mime/text-plan.ts';
import type { BodySource } from '../body/body-fields.ts';
import { byteLength } from '../body/truncate.ts';
import type { StreamedValue } from '../field.ts';
import type { EmailRenderOptions } from './email-options.ts';
import { isSecured } from './message-class.ts';
import type { BodySegment } from './message-view.ts';
import type { ShownMessage } from './shown-message.ts';

/** Read beyond the size asked for: markup is longer than the text in it. */
const AHEAD = 128 * 1024;
const PER_BYTE = 4;
/** Whatever is asked for, no more characters of a body are held. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** The body in the form that the preferences can use best, read no further than they need. */
export async function messageBody(shown: ShownMessage, options: EmailRenderOptions): Promise<BodySource> {
  const { segments } = shown.view;
  const hasHtml = segments.some(({ html }) => html !== null);
  const wantsHtml = options.bodyPreferences.some(({ type }) => type === 2);
  const type = hasHtml && wantsHtml ? 2 : 1;
  const reader = new SegmentReader(shown, readLimit(options));
  const texts: string[] = [];
  for (const segment of segments) texts.push(await reader.read(segment, type));
  const invitation = await invitationText(() => shown.message.open(), shown.view);
  if (invitation !== null) texts.push(invitation);
  return {
    type,
    nativeType: hasHtml ? 2 : 1,
    text: texts.join(type === 1 ? '\n' : '<br>\r\n'),
    unreadBytes: reader.unreadBytes,
    mime: wantsMime(shown, options) ? await mimeOf(shown) : null,
  };
}

function readLimit({ bodyPreferences }: EmailRenderOptions): number {
  if (bodyPreferences.length === 0) return MOST_CHARACTERS;
  const sizes = bodyPreferences.filter(({ type }) => type !== 4).map(({ truncationSize }) => truncationSize);
  if (sizes.includes(null)) return MOST_CHARACTERS;
  return Math.min(MOST_CHARACTERS, Math.max(0, ...(sizes as number[])) * PER_BYTE + AHEAD);
}

class SegmentReader {
  readonly #shown: ShownMessage;
  #left: number;
  unreadBytes = 0;

  constructor(shown: ShownMessage, limit: number) {
    this.#shown = shown;
    this.#left = limit;
  }

  /** One stretch as plain text or HTML; its own form of that kind where it came with one. */
  async read({ plain, html }: BodySegment, type: 1 | 2): Promise<string> {
    if (type === 2) return html === null ? textToHtml(await this.#text(plain!)) : this.#text(html);
    return plain === null ? htmlToText(await this.#text(html!)) : this.#text(plain);
  }

  async #text(part: MessagePart): Promise<string> {
    const { message, uuFiles } = this.#shown;
    const files = (uuFiles.get(part) ?? []).map(({ range }) => range);
    let text = '';
    for await (const piece of decodePartText(message.open(), part, files)) {
      text += piece;
      if (text.length >= this.#left) {
        const encoded = files.reduce((sum, { start, end }) => sum - (end - start), part.body.end - part.body.start);
        const size = part.transferEncoding === 'base64' ? Math.floor(encoded * 0.73) : encoded;
        this.unreadBytes += Math.max(0, size - byteLength(text));
        break;
      }
    }
    this.#left = Math.max(0, this.#left - text.length);
    return unflowed(text, part);
  }
}

/** MIMESupport (MS-ASCMD §2.2.3.104): 0 never, 1 signed and encrypted messages only, 2 always. */
function wantsMime({ stored }: ShownMessage, { mimeSupport, bodyPreferences }: EmailRenderOptions): boolean {
  if (!bodyPreferences.some(({ type }) => type === 4)) return false;
  return mimeSupport === 2 || (mimeSupport === 1 && isSecured(stored.index));
}

/**
 * The message as text: 8-bit MIME cannot be sent in a string. Read once before it is sent, because its exact size and
 * the headers of encoded parts come first.
 */
async function mimeOf({ stored }: ShownMessage): Promise<StreamedValue> {
  const plan = await planText(stored.open(), stored.index);
  return { byteLength: plan.byteLength, open: () => textMessage(stored.open(), plan) };
}
