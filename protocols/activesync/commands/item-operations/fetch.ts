import type { EasContext } from '../../command.ts';
import { EasStatusError } from '../../status.ts';
import { type FoundItem, findItem } from '../../translate/find-item.ts';
import { el, type WbxArgument, type WbxElement } from '../../wbxml/element.ts';
import { WbxValueError } from '../../wbxml/errors.ts';
import { child, childElements, childText, requiredChild, textOf } from '../../wbxml/read-element.ts';
import { readShownOptions } from '../read-shown-options.ts';
import { fetchAttachment } from './fetch-attachment.ts';
import { fetchItem } from './fetch-item.ts';
import { failureOf, OPERATION_STATUS, type OperationStatus } from './operation-status.ts';
import type { Parts } from './parts.ts';

/** What a Fetch asks for, and the elements by which its answer names it again. */
interface Wanted {
  readonly named: WbxArgument;
  readonly find: (() => Promise<FoundItem | null>) | null;
  readonly fileReference: string | null;
}

const MAILBOX = 'mailbox';
const LONGEST_ID = 64;
/** MS-ASCMD §2.2.3.96.2 */
const LONGEST_LONG_ID = 256;

/** The elements that name what is wanted: one of them, and once (MS-ASCMD §2.2.3.7). */
const IDS = new Set(['AirSync:ServerId', 'Search:LongId', 'AirSyncBase:FileReference']);

/** @throws WbxValueError for what the schema of a Fetch does not allow, however the item is */
export function checkFetch(request: WbxElement): void {
  if (storeOf(request) !== MAILBOX) return;
  const ids = childElements(request).filter(({ name }) => IDS.has(name));
  const hasEmptyReference = childText(request, 'AirSyncBase:FileReference')?.trim() === '';
  if (ids.length !== 1 && !hasEmptyReference) throw new WbxValueError('structure', request.name, 'names not one thing');
  if (childText(request, 'AirSync:ServerId') === '') {
    throw new WbxValueError('missing', 'AirSync:ServerId', 'is empty');
  }
  const options = child(request, 'ItemOperations:Options');
  checkOptions(options);
  if (options !== null && childText(options, 'ItemOperations:Range')?.trim() === '') {
    throw new WbxValueError('missing', 'ItemOperations:Range', 'is empty');
  }
}

/** Options that cannot be read are the whole request's fault (MS-ASAIRS §3.2.5.1); a part of another type is its Fetch's own. */
function checkOptions(options: WbxElement | null): void {
  try {
    readShownOptions(options);
  } catch (error) {
    if (!(error instanceof EasStatusError)) throw error;
  }
}

function storeOf(request: WbxElement): string {
  return textOf(requiredChild(request, 'ItemOperations:Store')).trim().toLowerCase();
}

/** One Fetch (MS-ASCMD §2.2.3.67.1); it fails by a status of its own. */
export async function fetch(context: EasContext, request: WbxElement, parts: Parts | null): Promise<WbxElement> {
  const failed = (status: OperationStatus, named: WbxArgument = null): WbxElement =>
    el('ItemOperations:Fetch', el('ItemOperations:Status', status), named);
  let wanted: Wanted | null = null;
  try {
    if (storeOf(request) !== MAILBOX) return failed(OPERATION_STATUS.unknownStore);
    wanted = readWanted(context, request);
    const answer = await answerOf(context, wanted, child(request, 'ItemOperations:Options'), parts);
    if (typeof answer === 'number') return failed(answer, wanted.named);
    return el('ItemOperations:Fetch', el('ItemOperations:Status', OPERATION_STATUS.done), wanted.named, answer);
  } catch (error) {
    const status = failureOf(error);
    if (status === null) throw error;
    return failed(status, wanted?.named);
  }
}

async function answerOf(
  context: EasContext,
  { find, fileReference }: Wanted,
  options: WbxElement | null,
  parts: Parts | null,
): Promise<readonly WbxElement[] | OperationStatus> {
  if (find === null) {
    const properties = await fetchAttachment(context, fileReference ?? '', options, parts);
    return typeof properties === 'number' ? properties : [properties];
  }
  const found = await find();
  if (found === null) return OPERATION_STATUS.notFound;
  const properties = await fetchItem(context, found, options, parts);
  if (properties === null) return OPERATION_STATUS.notConverted;
  return [el('AirSync:Class', found.collection.easClass), properties];
}

/** @throws WbxValueError for an id that is too long */
function readWanted(context: EasContext, request: WbxElement): Wanted {
  const [serverId, longId, fileReference] = [
    childText(request, 'AirSync:ServerId'),
    childText(request, 'Search:LongId'),
    childText(request, 'AirSyncBase:FileReference'),
  ];
  // A reference that is empty is none that is known, whatever stands beside it (MS-ASAIRS §2.2.2.24.2).
  if (fileReference?.trim() === '') {
    return { named: el('AirSyncBase:FileReference', ''), find: null, fileReference };
  }
  if (fileReference !== null) {
    return { named: el('AirSyncBase:FileReference', fileReference), find: null, fileReference };
  }
  if (longId !== null) {
    checkLength(request, longId, LONGEST_LONG_ID);
    return { named: el('Search:LongId', longId), find: () => findItem(context, longId), fileReference };
  }
  const id = serverId ?? '';
  const collectionId = childText(request, 'AirSync:CollectionId');
  checkLength(request, id, LONGEST_ID);
  checkLength(request, collectionId ?? '', LONGEST_ID);
  const named = [collectionId === null ? null : el('AirSync:CollectionId', collectionId), el('AirSync:ServerId', id)];
  return {
    named: named.filter((element) => element !== null),
    find: () => findItem(context, id, ...(collectionId === null ? [] : [collectionId])),
    fileReference,
  };
}

function checkLength(request: WbxElement, id: string, longest: number): void {
  if (id.length > longest) throw new WbxValueError('range', request.name, `has an id of ${id.length} characters`);
}
