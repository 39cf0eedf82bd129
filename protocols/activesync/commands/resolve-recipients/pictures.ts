import { ContentSyntaxError } from '../../../../src/formats/content-line/syntax-error.ts';
import { parseCard } from '../../../../src/formats/vcard/card.ts';
import { cardPhoto } from '../../../../src/formats/vcard/card-views.ts';
import { readWhole } from '../../../../src/items/whole-content.ts';
import type { EasContext } from '../../command.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import type { Candidate } from './candidates.ts';
import type { PictureLimits } from './options.ts';

/** MS-ASCMD §2.2.3.177.12 */
const STATUS = { done: 1, none: 173, tooLarge: 174, tooMany: 175 } as const;

/** The photos of one answer, as many and as large as the client takes. */
export class Pictures {
  readonly #context: EasContext;
  readonly #limits: PictureLimits;
  #given = 0;
  #bytes = 0;

  constructor(context: EasContext, limits: PictureLimits) {
    this.#context = context;
    this.#limits = limits;
  }

  /** Only contacts have photos. */
  async of({ contact }: Candidate): Promise<WbxElement> {
    if (contact === null || !contact.hasPhoto) return answer(STATUS.none);
    const { maxAnswerBytes } = this.#context.environment.limits;
    if (this.#given >= this.#limits.maxPictures || this.#bytes >= maxAnswerBytes) return answer(STATUS.tooMany);
    const photo = await this.#read(contact.itemId);
    if (photo === null) return answer(STATUS.none);
    if (photo.length > this.#limits.maxBytes || photo.length > maxAnswerBytes) return answer(STATUS.tooLarge);
    this.#given += 1;
    this.#bytes += photo.length;
    return answer(STATUS.done, photo);
  }

  /** Null for one that lies somewhere else, and for a contact that is gone by now. */
  async #read(itemId: number): Promise<Uint8Array | null> {
    const { environment, principal } = this.#context;
    const reader = environment.items.store.read(principal.mailboxId);
    const item = await reader.item(itemId);
    if (item === null) return null;
    try {
      const photo = cardPhoto(parseCard(await readWhole(reader, item)));
      return photo?.kind === 'data' ? photo.bytes : null;
    } catch (error) {
      if (error instanceof ContentSyntaxError) return null;
      throw error;
    }
  }
}

function answer(status: number, photo: Uint8Array | null = null): WbxElement {
  return el(
    'ResolveRecipients:Picture',
    el('ResolveRecipients:Status', status),
    photo === null ? null : el('ResolveRecipients:Data', photo),
  );
}
