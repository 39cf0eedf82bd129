import { type MessageIndex, type MessagePart, partsOf } from './message-index.ts';

/** One stretch of the body in the forms it came in. */
export interface BodySegment {
  readonly plain: MessagePart | null;
  readonly html: MessagePart | null;
}

/** What of a message is shown as body and what as attachments. */
export interface MessageView {
  readonly segments: readonly BodySegment[];
  readonly attachments: readonly MessagePart[];
  /** The part of a scheduling message (RFC 6047). */
  readonly calendar: MessagePart | null;
}

/** Each stretch is read from the beginning of the message; more than these are attachments. */
const MOST_SEGMENTS = 32;

/** Sorts the parts of a message (RFC 2046 §5.1, RFC 2387): bodies, alternatives of one body, everything else. */
export function viewMessage({ root }: MessageIndex): MessageView {
  const segments = segmentsOf(root).slice(0, MOST_SEGMENTS);
  const shown = new Set(segments.flatMap(({ plain, html }) => [plain, html]));
  const calendar = [...partsOf(root)].find((part) => part.mediaType === 'text/calendar') ?? null;
  const attachments = attachmentsOf(root).filter((part) => !shown.has(part) && part !== calendar);
  return { segments, attachments, calendar };
}

function segmentsOf(part: MessagePart): BodySegment[] {
  if (part.children.length === 0) return leafSegment(part);
  if (part.mediaType === 'multipart/alternative') {
    const found = part.children.flatMap(segmentsOf);
    // RFC 2046 §5.1.4: the last alternative is the best.
    const plain = found.findLast((segment) => segment.plain !== null)?.plain ?? null;
    const html = found.findLast((segment) => segment.html !== null)?.html ?? null;
    return plain === null && html === null ? [] : [{ plain, html }];
  }
  if (part.mediaType === 'multipart/related') return segmentsOf(rootOfRelated(part));
  if (part.mediaType === 'multipart/signed') return segmentsOf(part.children[0]!);
  return part.mediaType.startsWith('multipart/') ? part.children.flatMap(segmentsOf) : [];
}

/** RFC 2387 §3.2: `start` names the root, the first part is it otherwise. */
function rootOfRelated(part: MessagePart): MessagePart {
  const start = part.parameters.get('start')?.replace(/^<|>$/g, '');
  return part.children.find(({ contentId }) => contentId !== null && contentId === start) ?? part.children[0]!;
}

function leafSegment(part: MessagePart): BodySegment[] {
  if (part.disposition === 'attachment' || part.filename !== null) return [];
  if (part.mediaType === 'text/html') return [{ plain: null, html: part }];
  const isPlain = part.mediaType === 'text/plain' || part.mediaType === 'text/enriched';
  // A multipart without any delimiter is best shown as the text it is.
  return isPlain || part.mediaType.startsWith('multipart/') ? [{ plain: part, html: null }] : [];
}

/** Leaves, and embedded messages as a whole. */
function attachmentsOf(part: MessagePart): MessagePart[] {
  return part.mediaType.startsWith('multipart/') ? part.children.flatMap(attachmentsOf) : [part];
}
