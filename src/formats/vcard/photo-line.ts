import type { ContentLine, Parameter } from '../content-line/content-line.ts';
import { makeLine } from '../content-line/line.ts';
import type { CardVersion } from './card.ts';
import { encodingOf, inlineBytes } from './card-line.ts';
import type { CardPhoto } from './card-views.ts';

/** Parameters that describe the picture and not the property. */
const OF_THE_PICTURE = new Set(['', 'ENCODING', 'TYPE', 'VALUE', 'MEDIATYPE', 'CHARSET', 'X-ABCROP-RECTANGLE']);

/**
 * A PHOTO line as the version writes it: `data:` URI in 4.0 (RFC 6350 §6.2.4), ENCODING=b in 3.0 (RFC 2426 §3.1.4),
 * BASE64 in 2.1.
 * @param old The line it replaces: its group and unknown parameters stay, and its bytes when the picture is the same.
 */
export function photoLine(photo: CardPhoto, version: CardVersion, old: ContentLine | null): ContentLine {
  if (old !== null && isSame(photo, old)) return old;
  const kept = (old?.parameters ?? []).filter(({ name }) => !OF_THE_PICTURE.has(name));
  const { parameters, value } = binaryFields(photo, version);
  return makeLine({ name: 'PHOTO', group: old?.group ?? null, parameters: [...parameters, ...kept], value });
}

function isSame(photo: CardPhoto, old: ContentLine): boolean {
  const inline = inlineBytes(old);
  if (photo.kind === 'uri') return inline === null && encodingOf(old) === null && old.value === photo.uri;
  return inline !== null && Buffer.compare(inline.bytes, photo.bytes) === 0;
}

/** Parameters and value of a picture, sound or key for one version. */
export function binaryFields(content: CardPhoto, version: CardVersion): { parameters: Parameter[]; value: string } {
  if (content.kind === 'uri') {
    const kind = version === '2.1' ? 'URL' : 'uri';
    // 4.0's default for PHOTO is a URI already.
    return { parameters: version === '4.0' ? [] : [{ name: 'VALUE', values: [kind] }], value: content.uri };
  }
  const base64 = Buffer.from(content.bytes).toString('base64');
  if (version === '4.0') return { parameters: [], value: `data:${content.mediaType ?? 'image/jpeg'};base64,${base64}` };
  const encoding: Parameter = { name: 'ENCODING', values: [version === '2.1' ? 'BASE64' : 'b'] };
  const type = typeWord(content.mediaType);
  return { parameters: type === null ? [encoding] : [encoding, { name: 'TYPE', values: [type] }], value: base64 };
}

/** The TYPE word of 2.1 and 3.0 for a media type: registered subtypes without their tree. */
function typeWord(mediaType: string | null): string | null {
  if (mediaType === null) return null;
  const subtype = mediaType.split('/')[1]?.split(';')[0] ?? '';
  if (subtype === 'pkix-cert') return 'X509';
  if (subtype === 'pgp-keys') return 'PGP';
  return /^[A-Za-z0-9.+-]+$/.test(subtype) ? subtype.toUpperCase() : null;
}
