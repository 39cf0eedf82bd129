import type { MeetingAnswer } from '../../../../src/domain/calendar/participation.ts';
import { ClassDataError } from '../../classes/class-error.ts';
import { readDate } from '../../classes/dates.ts';
import { isKnown } from '../../classes/version.ts';
import type { EasContext } from '../../command.ts';
import { EasStatusError } from '../../status.ts';
import type { WbxElement } from '../../wbxml/element.ts';
import { WbxValueError } from '../../wbxml/errors.ts';
import { childText, numberOf, requiredChild } from '../../wbxml/read-element.ts';

/** One answer of the person to an invitation (MS-ASCMD §2.2.3.150.2). */
export interface MeetingRequest {
  /** The mail with the invitation, or the event in the calendar: as the client named it. */
  readonly id: string;
  /** RequestId where it is the one: the answer has it then only. */
  readonly requestId: string | null;
  /** Where the client has it; null when it does not say. */
  readonly collectionId: string | null;
  /** 'invalid' for what is no answer. */
  readonly answer: MeetingAnswer | 'invalid';
  /** Original start of the one occurrence that is meant, UTC seconds; null for all; 'invalid' for what is no time. */
  readonly occurrence: number | 'invalid' | null;
}

/** UserResponse. */
const ANSWERS: readonly MeetingAnswer[] = ['ACCEPTED', 'TENTATIVE', 'DECLINED'];
/** A LongId has up to 256 characters, a RequestId 64. */
const LONGEST_ID = 256;

/** @throws WbxValueError; EasStatusError 103 */
export function readMeetingRequest({ version }: EasContext, request: WbxElement): MeetingRequest {
  const requestId = childText(request, 'MeetingResponse:RequestId') || null;
  const id = requestId ?? childText(request, 'Search:LongId') ?? '';
  if (id === '') throw new WbxValueError('missing', request.name, 'has neither RequestId nor LongId');
  if (id.length > LONGEST_ID) throw new EasStatusError(103, `an id of ${id.length} characters`);
  const answer = answerOf(requiredChild(request, 'MeetingResponse:UserResponse'));
  const collectionId = childText(request, 'MeetingResponse:CollectionId') || null;
  const instance = childText(request, 'MeetingResponse:InstanceId')?.trim() ?? '';
  if (instance !== '' && !isKnown('MeetingResponse:InstanceId', version)) {
    throw new EasStatusError(103, `InstanceId in version ${version}`);
  }
  const occurrence = instance === '' ? null : instantOf(instance);
  return { id, requestId, collectionId, answer, occurrence };
}

/** What is none makes this request invalid, not the others (MS-ASCMD §2.2.3.177.9). */
function answerOf(element: WbxElement): MeetingAnswer | 'invalid' {
  try {
    return ANSWERS[numberOf(element, { min: 1, max: 3 }) - 1]!;
  } catch (error) {
    if (error instanceof WbxValueError) return 'invalid';
    throw error;
  }
}

function instantOf(text: string): number | 'invalid' {
  try {
    return readDate(text, 'MeetingResponse:InstanceId');
  } catch (error) {
    if (error instanceof ClassDataError) return 'invalid';
    throw error;
  }
}
