import { htmlToText } from '../../formats/html/html-to-text.ts';
import { textToFragment } from '../../formats/html/text-to-html.ts';
import { decodePart, decodePartText } from '../../formats/mime/decode-part.ts';
import { unflowed } from '../../formats/mime/flowed.ts';
import type { MessagePart } from '../../formats/mime/message-index.ts';
import type { BodySegment } from '../../formats/mime/message-view.ts';
import { findUuBlocks, openUuBlock, type UuBlock } from '../../formats/mime/uu-blocks.ts';
import { type Entity, fileEntity } from './entity.ts';
import { innerHtml } from './inner-html.ts';
import { bytesOf, type LoadedMessage } from './loaded-message.ts';

/** What of a message is words. */
export interface MessageTexts {
  readonly text: string;
  /** What stands inside `body`; null where the text is all there is. */
  readonly html: string | null;
  /** Uuencoded files that stood in the text. */
  readonly files: readonly Entity[];
  /** Parts that are too long to be quoted. */
  readonly left: readonly MessagePart[];
}

/** All texts together: nobody scrolls through more, and it has to be held several times. Longer ones are attached. */
const LONGEST_TEXT = 2 * 1024 * 1024;
/** Each is looked for from the beginning of its text. */
const MOST_FILES = 50;

/** Reads what a message shows, in both forms. */
export async function readTexts(loaded: LoadedMessage, segments: readonly BodySegment[]): Promise<MessageTexts> {
  const reader = new TextsReader(loaded);
  for (const segment of segments) await reader.read(segment);
  return reader.end();
}

/** The words of one part, without the files that stand in it. */
export async function partText(
  loaded: LoadedMessage,
  part: MessagePart,
  files: readonly UuBlock[] = [],
): Promise<string> {
  const ranges = files.map(({ range }) => range);
  let text = '';
  for await (const piece of decodePartText(bytesOf(loaded), part, ranges)) text += piece;
  return unflowed(text, part);
}

class TextsReader {
  readonly #loaded: LoadedMessage;
  readonly #texts: string[] = [];
  readonly #fragments: string[] = [];
  readonly #files: Entity[] = [];
  readonly #left: MessagePart[] = [];
  #hasHtml = false;
  #room = LONGEST_TEXT;

  constructor(loaded: LoadedMessage) {
    this.#loaded = loaded;
  }

  async read({ plain, html }: BodySegment): Promise<void> {
    const text = plain === null ? null : await this.#text(plain, html === null);
    const markup = html === null ? null : await this.#text(html, false);
    if (text === null && markup === null) {
      this.#left.push(...[html ?? plain].filter((part) => part !== null));
      return;
    }
    this.#hasHtml ||= markup !== null;
    this.#texts.push(text ?? htmlToText(markup ?? ''));
    this.#fragments.push(markup === null ? textToFragment(text ?? '') : innerHtml(markup));
  }

  end(): MessageTexts {
    const html = this.#hasHtml ? this.#fragments.join('<br>\r\n') : null;
    return { text: this.#texts.join('\n'), html, files: this.#files, left: this.#left };
  }

  /** Null for a part for which no room is left. */
  async #text(part: MessagePart, mayHoldFiles: boolean): Promise<string | null> {
    const size = part.body.end - part.body.start;
    if (size > this.#room) return null;
    this.#room -= size;
    const files = mayHoldFiles ? await this.#filesIn(part) : [];
    return partText(this.#loaded, part, files);
  }

  /** They are no text, and would not survive being quoted. */
  async #filesIn(part: MessagePart): Promise<readonly UuBlock[]> {
    const open = () => decodePart(bytesOf(this.#loaded), part);
    const found = await findUuBlocks(open(), { maxBlocks: MOST_FILES });
    for (const file of found) this.#files.push(await fileEntity(file.name, openUuBlock(open(), file)));
    return found;
  }
}
