import { personZone } from '../../../../src/domain/calendar/folder-zone.ts';
import { UTC } from '../../../../src/domain/calendar/iana-zone.ts';
import { mergeRequest } from '../../../../src/domain/calendar/merge-request.ts';
import type { MeetingAnswer, Participation } from '../../../../src/domain/calendar/participation.ts';
import type { Folder } from '../../../../src/domain/folder.ts';
import { folderWithRole } from '../../../../src/domain/folder-tree.ts';
import type { Item } from '../../../../src/domain/item.ts';
import type { Origin } from '../../../../src/domain/mailbox.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { componentsOf } from '../../../../src/formats/content-line/lookup.ts';
import { serializeComponent } from '../../../../src/formats/content-line/serialize.ts';
import { parseCalendar } from '../../../../src/formats/icalendar/calendar.ts';
import { discardItem, isDiscarded } from '../../../../src/items/discard-item.ts';
import { freeName } from '../../../../src/items/free-name.ts';
import { nameForUid } from '../../../../src/items/names.ts';
import { judgeContent, putContent } from '../../../../src/items/put-content.ts';
import { requireRight } from '../../../../src/items/require-right.ts';
import { readWhole } from '../../../../src/items/whole-content.ts';
import type { SyncWriter } from '../../../../src/store/sync-state-store.ts';
import type { EasContext } from '../../command.ts';
import { collectionOfItem, findCollection } from '../../translate/find-collection.ts';
import { folderOf } from '../../translate/one-folder.ts';
import { parseServerId, serverIdOf } from '../../translate/view.ts';
import { addressesOf } from '../../translate/view-for.ts';
import { answerEvent, type Unanswerable } from './answer-event.ts';
import { invitationIn } from './invitation.ts';
import type { MeetingRequest } from './read-request.ts';

/** What became of an answer: where the event is, null for one that was declined; or why nothing can be answered. */
export type Response = { readonly calendarId: string | null } | Unanswerable | 'no-time';

/**
 * Not 'client': before 16.0 the client tells the organizer itself (MS-ASCMD §2.2.1.11), so that the server must send nothing
 * for what is written here.
 */
const ORIGIN: Origin = { kind: 'attendee-itip', by: null };

interface Remembered {
  readonly answer: MeetingAnswer;
  readonly calendarId: string | null;
}

/**
 * Puts an answer into the calendar, and the mail that asked into Deleted Items, in one transaction. May be said again: what is
 * done stays so, and an answer to what went away with it is remembered.
 * @throws GatewayError, ContentSyntaxError
 */
export async function respond(context: EasContext, request: MeetingRequest): Promise<Response> {
  const itemId = parseServerId(request.id)?.itemId ?? null;
  const { answer, occurrence } = request;
  if (itemId === null || answer === 'invalid') return 'unusable';
  const { environment, principal, device } = context;
  const operation = `${device.id}/MeetingResponse/${itemId}/${occurrence ?? ''}`;
  return environment.sync.store.write(principal.mailboxId, ORIGIN, async (tx) => {
    const item = await tx.item(itemId);
    if (item === null) return remembered(tx, operation, answer);
    if (!(await isWhereNamed(tx, context, item, request))) return 'unusable';
    // MS-ASCMD §2.2.3.177.9: of a mail that invites no occurrence is answered by InstanceId, only of what is in the calendar.
    if (occurrence !== null && item.kind !== 'VEVENT') return 'unusable';
    if (occurrence === 'invalid') return 'no-time';
    const response = await new Answering(context, tx, answer, occurrence).answer(item);
    if (typeof response !== 'string') {
      const result: Remembered = { answer, calendarId: response.calendarId };
      await tx.putDoneOperation({ name: operation, at: environment.sync.clock.now(), result });
    }
    return response;
  });
}

/**
 * Whether the item lies where the client says (MS-ASCMD, CollectionId: the folder with the request), or did when the client
 * got its id: what was answered lies in Deleted Items, and others move mail too. A LongId comes without a folder.
 */
async function isWhereNamed(
  tx: SyncWriter,
  context: EasContext,
  { kind, folderId }: Item,
  { id, collectionId }: MeetingRequest,
): Promise<boolean> {
  if (collectionId === null || parseServerId(id)?.collectionId === collectionId) return true;
  const collection = await findCollection(tx, context, collectionId);
  return collection !== null && collection.kind === kind && folderOf(collection, folderId) !== undefined;
}

async function remembered(tx: SyncWriter, operation: string, answer: MeetingAnswer): Promise<Response> {
  const result = (await tx.doneOperation(operation))?.result as Remembered | undefined;
  return result === undefined || result.answer !== answer ? 'unusable' : { calendarId: result.calendarId };
}

/** One answer, within its transaction. */
class Answering {
  readonly #context: EasContext;
  readonly #tx: SyncWriter;
  readonly #participation: Participation;
  readonly #occurrence: number | null;

  constructor(context: EasContext, tx: SyncWriter, answer: MeetingAnswer, occurrence: number | null) {
    this.#context = context;
    this.#tx = tx;
    const at = Math.floor(context.environment.sync.clock.now() / 1000);
    this.#participation = { addresses: addressesOf(context.principal), answer, at };
    this.#occurrence = occurrence;
  }

  async answer(item: Item): Promise<Response> {
    if (item.kind === 'VEVENT') return this.#answerEvent(item);
    return item.kind === 'MESSAGE' ? this.#answerMail(item) : 'unusable';
  }

  /** Phones answer in the calendar too, where other programs put the event before. */
  async #answerEvent(item: Item): Promise<Response> {
    const calendar = await this.#read(item);
    return this.#write(item, { calendar, events: componentsOf(calendar, 'VEVENT') }, null);
  }

  async #answerMail(item: Item): Promise<Response> {
    const invitation = await invitationIn(this.#tx, item);
    if (invitation === null) return 'unusable';
    const present = (await this.#tx.itemsByUid(invitation.uid)).find(({ kind }) => kind === 'VEVENT') ?? null;
    const merged = mergeRequest(present === null ? null : await this.#read(present), invitation.calendar);
    if (merged === null) return 'unusable';
    const response = await this.#write(present, merged, invitation.uid);
    if (typeof response !== 'string' && !(await isDiscarded(this.#tx, item))) await discardItem(this.#tx, item);
    return response;
  }

  async #read(item: Item): Promise<Component> {
    return parseCalendar(await readWhole(this.#tx, item), { lenient: true });
  }

  async #write(present: Item | null, merged: Parameters<typeof answerEvent>[0], uid: string | null): Promise<Response> {
    const folders = await this.#tx.folders();
    const folder =
      present === null
        ? folderWithRole(folders, 'calendar')
        : (folders.find(({ id }) => id === present.folderId) ?? null);
    if (folder === null) return 'unusable';
    requireRight(this.#context.principal, folder, 'write');
    const zone = personZone(folders, folder, UTC);
    const answered = answerEvent(merged, this.#occurrence, this.#participation, zone);
    if (typeof answered === 'string') return answered;
    if (answered === null) {
      if (present !== null) await this.#tx.deleteItem(present.id);
      return { calendarId: null };
    }
    const stored = await this.#put(folder, present, answered, uid);
    const isGone = this.#participation.answer === 'DECLINED';
    return { calendarId: isGone ? null : this.#calendarId(folders, stored) };
  }

  async #put(folder: Folder, present: Item | null, calendar: Component, uid: string | null): Promise<Item> {
    const { limits } = this.#context.environment.items;
    const judged = judgeContent(folder, serializeComponent(calendar), 'text/calendar', limits);
    const name = present?.name ?? (await freeName(this.#tx, folder.id, nameForUid(uid ?? '', 'VEVENT')));
    return putContent(this.#tx, folder, name, judged, present);
  }

  #calendarId(folders: readonly Folder[], item: Item): string | null {
    const collection = collectionOfItem(folders, this.#context, item);
    return collection === null ? null : serverIdOf(collection, item.id);
  }
}
