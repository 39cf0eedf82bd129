import { GatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import { BEGINNINGLESS, ENDLESS, type ItemIndex } from '../domain/item.ts';
import type { ItemKind } from '../domain/item-class.ts';

/** Provisional: replaced when the codecs land. */
export function describeContent(
  folder: Folder,
  content: Uint8Array,
  _contentType: string,
): { index: ItemIndex; contentType: string } {
  const text = Buffer.from(content).toString('utf8');
  const kind = (/BEGIN:(VEVENT|VTODO|VJOURNAL|VCARD)/.exec(text)?.[1] ?? null) as ItemKind | null;
  if (kind === null) throw new GatewayError('content-invalid', { reason: 'not an iCalendar object or vCard' });
  if (kind !== 'VCARD' && !folder.components.includes(kind as 'VEVENT'))
    throw new GatewayError('component-unsupported', { component: kind, allowed: folder.components });
  const uid = /^UID:(.*?)\r?$/m.exec(text)?.[1] ?? null;
  return {
    index: { kind, uid, rangeStart: BEGINNINGLESS, rangeEnd: ENDLESS, filterKey: 0 },
    contentType: kind === 'VCARD' ? 'text/vcard' : 'text/calendar',
  };
}
