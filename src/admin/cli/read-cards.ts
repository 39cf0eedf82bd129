import type { ContentLine } from '../../formats/content-line/content-line.ts';
import { setProperty, withProperty } from '../../formats/content-line/edit.ts';
import { makeLine } from '../../formats/content-line/line.ts';
import { propertyOf } from '../../formats/content-line/lookup.ts';
import { type Card, cardVersion, parseCards, serializeCard } from '../../formats/vcard/card.ts';
import { toVersion } from '../../formats/vcard/to-version.ts';
import { createLeftOutLines } from './left-out-lines.ts';
import { type FoundItem, uidFor } from './read-items.ts';

/**
 * The cards of one file, each an item. vCard 2.1 and cards without VERSION become 3.0, since CardDAV clients read nothing older (RFC 6352 §5.1);
 * a card without UID gets one made from its content, so that a second import finds it.
 */
export function* readCards(path: string, content: Uint8Array): Generator<FoundItem> {
  const leftOut = createLeftOutLines(path);
  const cards = parseCards(content, { lenient: true, onProblem: leftOut.onProblem });
  for (const card of cards) {
    const isReadable = cardVersion(card) !== '2.1' && propertyOf(card, 'VERSION') !== null;
    const readable = isReadable ? card : toVersion(card, '3.0');
    const bytes = serializeCard(withUid(trimmed(readable)));
    yield { item: { kind: 'VCARD', content: bytes, contentType: 'text/vcard', line: card.begin?.line ?? 1 } };
  }
  for (const refusal of leftOut.refusals()) yield { refusal };
  if (cards.length === 0) yield { refusal: { path, line: 0, reason: 'it holds no contact' } };
}

function withUid(card: Card): Card {
  const present = propertyOf(card, 'UID');
  if (present !== null && present.value.trim() !== '') return card;
  const line = makeLine({ name: 'UID', value: uidFor(serializeCard(card)) });
  return present === null ? withProperty(card, line) : setProperty(card, line);
}

/** Blank lines between cards and the byte order mark belong to the file, not to a card. */
function trimmed(card: Card): Card {
  const begin = withRaw(card.begin, (raw) => raw.replace(/^(?:\xef\xbb\xbf|\r|\n)+/, ''));
  const end = withRaw(card.end, (raw) => raw.replace(/(\r\n|\r|\n)[\r\n]+$/, '$1'));
  return { ...card, begin, end };
}

function withRaw(line: ContentLine | null, change: (raw: string) => string): ContentLine | null {
  return line?.raw ? { ...line, raw: change(line.raw) } : line;
}
