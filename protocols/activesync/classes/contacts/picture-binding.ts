import type { Card } from '../../../../src/formats/vcard/card.ts';
import { cardPhoto } from '../../../../src/formats/vcard/card-views.ts';
import { editCard } from '../../../../src/formats/vcard/edit-card.ts';
import type { Binding } from '../binding.ts';
import { ClassDataError } from '../class-error.ts';
import { field, textOf } from '../field.ts';

const ELEMENT = 'Contacts:Picture';
/** MS-ASCNTC §2.2.2.57: the text has at most 48 KB. A bigger photo is not sent, and stays; none is taken. */
const LONGEST = 48 * 1024;

/** Picture: an inline photo as base64. */
export const PICTURE_BINDING: Binding<Card> = {
  names: [ELEMENT],
  staysWhenAbsent: true,
  read: (card) => {
    const text = shownPicture(card);
    return text === null ? [] : [field(ELEMENT, text)];
  },
  write: (card, fields, { emptyPictureStays }) => {
    const text = (textOf(fields, ELEMENT) ?? '').replace(/\s+/g, '');
    // Only what was shown can be taken away.
    const stays = emptyPictureStays === true || shownPicture(card) === null;
    if (text === '') return stays ? card : editCard(card, { photo: null });
    if (text.length > LONGEST) throw new ClassDataError(ELEMENT, 'longer than 48 KB');
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new ClassDataError(ELEMENT, 'not base64');
    const bytes = Buffer.from(text, 'base64');
    return editCard(card, { photo: { kind: 'data', mediaType: imageType(bytes), bytes } });
  },
};

function shownPicture(card: Card): string | null {
  const photo = cardPhoto(card);
  if (photo === null || photo.kind !== 'data') return null;
  const text = Buffer.from(photo.bytes).toString('base64');
  return text.length > LONGEST ? null : text;
}

/** By the first bytes; phones send JPEG. */
function imageType(bytes: Uint8Array): string {
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return 'image/png';
  return bytes[0] === 0x47 && bytes[1] === 0x49 ? 'image/gif' : 'image/jpeg';
}
