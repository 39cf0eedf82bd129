import { personZone } from '../../../../src/domain/calendar/folder-zone.ts';
import { UTC } from '../../../../src/domain/calendar/iana-zone.ts';
import { GatewayError, isGatewayError } from '../../../../src/domain/errors.ts';
import type { Item } from '../../../../src/domain/item.ts';
import { withChildren } from '../../../../src/formats/content-line/edit.ts';
import { isComponent } from '../../../../src/formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../../../src/formats/content-line/syntax-error.ts';
import { parseCalendar } from '../../../../src/formats/icalendar/calendar.ts';
import type { HeaderField } from '../../../../src/formats/mime/header-fields.ts';
import { readWhole } from '../../../../src/items/whole-content.ts';
import { type Original, originalMessage } from '../../../../src/mail/compose/original.ts';
import { originalEvent } from '../../../../src/mail/compose/original-event.ts';
import { readHeader } from '../../../../src/mail/read-header.ts';
import { type EventView, viewEvent } from '../../classes/calendar/event-view.ts';
import { findOccurrence, isRecurring } from '../../classes/calendar/occurrence.ts';
import { ClassDataError } from '../../classes/class-error.ts';
import { readDate } from '../../classes/dates.ts';
import type { EasContext } from '../../command.ts';
import { EasStatusError } from '../../status.ts';

/** What is included of a source, and the header fields by which its thread goes on. */
export interface SourceOriginal {
  readonly original: Original;
  readonly thread: readonly HeaderField[];
}

/** A header is in the first bytes of a message, or it is none that threads are found by. */
const HEADER_BYTES = 1024 * 1024;

/**
 * Reads the source of a reply or forward: a message, or an event or one occurrence of it.
 * @throws EasStatusError 104, 146, 147, 150; CannotCompose
 */
export async function originalOf(context: EasContext, item: Item, instanceId: string | null): Promise<SourceOriginal> {
  const at = checkedInstance(item, instanceId);
  if (item.kind === 'VEVENT') return { original: await eventOf(context, item, at), thread: [] };
  const { fields, ...original } = await originalMessage(await contentOf(context, item, item.size));
  return { original, thread: fields };
}

/**
 * The same of a source that is not included: just the fields by which its thread goes on.
 * @throws EasStatusError 104, 146, 147, 150
 */
export async function threadOf(
  context: EasContext,
  item: Item,
  instanceId: string | null,
): Promise<readonly HeaderField[]> {
  const at = checkedInstance(item, instanceId);
  if (item.kind === 'VEVENT') {
    await eventOf(context, item, at);
    return [];
  }
  try {
    return readHeader(await contentOf(context, item, HEADER_BYTES)).fields;
  } catch (error) {
    // The message has all it needs of an original that nobody can read.
    if (isGatewayError(error, 'message-invalid')) return [];
    throw error;
  }
}

/** @throws EasStatusError 104, 146, 147 */
function checkedInstance(item: Item, instanceId: string | null): number | null {
  if (item.kind !== 'MESSAGE' && item.kind !== 'VEVENT') {
    throw new EasStatusError(147, `an item of kind ${item.kind} cannot be sent`);
  }
  const at = instanceId === null ? null : instantOf(instanceId);
  if (item.kind === 'MESSAGE' && at !== null) throw new EasStatusError(146, 'a message has no occurrences');
  return at;
}

async function contentOf({ environment }: EasContext, item: Item, end: number): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  const range = { start: 0, end: Math.min(end, item.size) };
  for await (const chunk of environment.items.store.read(item.mailboxId).content(item.id, range)) chunks.push(chunk);
  return chunks;
}

function instantOf(text: string): number {
  try {
    return readDate(text, 'ComposeMail:InstanceId');
  } catch (error) {
    if (error instanceof ClassDataError) throw new EasStatusError(104, error.message);
    throw error;
  }
}

async function eventOf({ environment, principal }: EasContext, item: Item, at: number | null): Promise<Original> {
  const reader = environment.items.store.read(principal.mailboxId);
  const folders = await reader.folders();
  const folder = folders.find(({ id }) => id === item.folderId) ?? null;
  const view = viewOf(await readWhole(reader, item), personZone(folders, folder, UTC));
  if (at === null) return originalEvent(view.calendar, view.event);
  if (!isRecurring(view)) {
    throw new EasStatusError(146, 'the event does not recur');
  }
  const occurrence = findOccurrence(view, at);
  if (occurrence === null) throw new EasStatusError(150, 'the series has no such occurrence');
  const { component } = occurrence;
  const others = view.calendar.children.filter((child) => !isComponent(child) || child.name !== 'VEVENT');
  return originalEvent(withChildren(view.calendar, [...others, component]), component);
}

/** @throws GatewayError 'content-invalid' */
function viewOf(content: Uint8Array, zone: EventView['zone']): EventView {
  const view = parsed(content, zone);
  if (view === null) throw new GatewayError('content-invalid', { reason: 'an event without a time' });
  return view;
}

function parsed(content: Uint8Array, zone: EventView['zone']): EventView | null {
  try {
    return viewEvent(parseCalendar(content, { lenient: true }), zone);
  } catch (error) {
    if (error instanceof ContentSyntaxError) throw new GatewayError('content-invalid', { reason: error.reason });
    throw error;
  }
}
