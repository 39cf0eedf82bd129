import type { Component } from '../../src/formats/content-line/content-line.ts';
import { makeLine } from '../../src/formats/content-line/line.ts';
import { componentsOf, propertyOf } from '../../src/formats/content-line/lookup.ts';
import { serializeComponent, serializeLine } from '../../src/formats/content-line/serialize.ts';
import { escapeText } from '../../src/formats/content-line/text.ts';
import { PRODID, parseCalendar } from '../../src/formats/icalendar/calendar.ts';
import type { DavContext } from '../webdav/context.ts';
import { listMembers } from '../webdav/list-members.ts';
import type { CollectionGetter } from '../webdav/registry.ts';
import { readOr } from '../webdav/reports/odd-objects.ts';
import type { CollectionResource } from '../webdav/resource.ts';
import { isCalendar } from './kinds.ts';

/** GET on a calendar: one iCalendar stream with everything in it, as programs that subscribe by URL read it. */
export const CALENDAR_BODY: CollectionGetter = {
  appliesTo: isCalendar,
  open: async (context, collection) => ({
    contentType: 'text/calendar; charset=utf-8',
    content: () => stream(context, collection),
  }),
};

async function* stream(context: DavContext, collection: CollectionResource): AsyncGenerator<Uint8Array> {
  yield head(collection);
  const zones = new Set<string>();
  for await (const page of listMembers(context, collection, { withContent: true })) {
    const parts: Uint8Array[] = [];
    for (const { content } of page) {
      if (context.turns.isOver) await context.turns.give();
      const calendar = content === undefined ? null : parse(context, content);
      if (calendar !== null) parts.push(...componentsFor(calendar, zones));
    }
    yield Buffer.concat(parts);
  }
  yield Buffer.from('END:VCALENDAR\r\n');
}

/** Null for what cannot be read: it would make the whole stream unreadable. */
function parse(context: DavContext, content: Uint8Array): Component | null {
  return readOr<Component | null>(
    context,
    () => parseCalendar(content),
    () => null,
  );
}

/** NAME is RFC 7986 §5.1; X-WR-CALNAME is what older programs read. */
function head({ folder }: CollectionResource): Uint8Array {
  const title = escapeText(folder.displayName ?? folder.name);
  const lines = [
    makeLine({ name: 'BEGIN', value: 'VCALENDAR' }),
    makeLine({ name: 'VERSION', value: '2.0' }),
    makeLine({ name: 'PRODID', value: PRODID }),
    makeLine({ name: 'NAME', value: title }),
    makeLine({ name: 'X-WR-CALNAME', value: title }),
  ];
  return Buffer.from(lines.map((line) => serializeLine(line, '\r\n')).join(''), 'latin1');
}

/** The object's components as stored; a zone only the first time its TZID comes, since it may be defined once only. */
function componentsFor(calendar: Component, zones: Set<string>): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (const component of componentsOf(calendar)) {
    if (component.name === 'VTIMEZONE') {
      const tzid = propertyOf(component, 'TZID')?.value ?? '';
      if (zones.has(tzid)) continue;
      zones.add(tzid);
    }
    const bytes = serializeComponent(component);
    parts.push(bytes);
    if (bytes.at(-1) !== 0x0a) parts.push(Buffer.from('\r\n'));
  }
  return parts;
}
