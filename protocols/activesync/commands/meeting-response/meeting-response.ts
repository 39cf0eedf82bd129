import { GatewayError } from '../../../../src/domain/errors.ts';
import { ContentSyntaxError } from '../../../../src/formats/content-line/syntax-error.ts';
import type { EasCommand, EasContext } from '../../command.ts';
import { EasStatusError } from '../../status.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import { WbxValueError } from '../../wbxml/errors.ts';
import { childElements } from '../../wbxml/read-element.ts';
import { type MeetingRequest, readMeetingRequest } from './read-request.ts';
import { respond } from './respond.ts';

/** MS-ASCMD §2.2.3.177.9, and the common ones of InstanceId (§2.2.3.92.1). */
const STATUS = { done: 1, notUsable: 2, mailboxError: 3, serverError: 4, invalidTime: 104, notRecurring: 146 } as const;

/** Refusals that trying again does not change. */
const LASTING: ReadonlySet<string> = new Set([
  'item-not-found',
  'folder-not-found',
  'access-denied',
  'content-invalid',
  'object-invalid',
  'component-unsupported',
  'content-unsupported',
  'uid-conflict',
  'item-too-large',
]);

/**
 * MeetingResponse (MS-ASCMD §2.2.1.11) as far as the own mailbox goes: the answer is put into the calendar. Before 16.0 it is
 * the client that mails it to the organizer.
 */
export const MEETING_RESPONSE: EasCommand = {
  name: 'MeetingResponse',
  protocolError: null,
  takes: {},
  async handle(context, body) {
    if (body.kind !== 'document') throw new EasStatusError(101, 'MeetingResponse needs a document');
    const elements = childElements(body.root, 'MeetingResponse:Request');
    const { maxMeetingResponses } = context.environment.limits;
    if (elements.length === 0) throw new WbxValueError('missing', body.root.name, 'has no Request');
    if (elements.length > maxMeetingResponses) throw new EasStatusError(103, `${elements.length} requests`);
    const requests = elements.map((element) => readMeetingRequest(context, element));
    // Of somebody who tries out an account nothing may be kept.
    if (context.line.isProbe) throw new EasStatusError(130, 'a probe answers no invitations');
    context.logFields.answers = requests.length;
    const results: WbxElement[] = [];
    for (const request of requests) results.push(await resultOf(context, request));
    return { kind: 'document', root: el('MeetingResponse:MeetingResponse', results) };
  },
};

async function resultOf(context: EasContext, request: MeetingRequest): Promise<WbxElement> {
  const { status, calendarId } = await outcomeOf(context, request);
  return el(
    'MeetingResponse:Result',
    request.requestId === null ? null : el('MeetingResponse:RequestId', request.requestId),
    el('MeetingResponse:Status', status),
    calendarId === null ? null : el('MeetingResponse:CalendarId', calendarId),
  );
}

interface Outcome {
  readonly status: number;
  readonly calendarId: string | null;
}

/** Each request has a status of its own: one that fails does not stop the others. */
async function outcomeOf(context: EasContext, request: MeetingRequest): Promise<Outcome> {
  try {
    const response = await respond(context, request);
    if (response === 'unusable') return { status: STATUS.notUsable, calendarId: null };
    if (response === 'no-time') return { status: STATUS.invalidTime, calendarId: null };
    if (response === 'not-recurring') return { status: STATUS.notRecurring, calendarId: null };
    return { status: STATUS.done, calendarId: response.calendarId };
  } catch (error) {
    return { status: statusOfFailure(context, error), calendarId: null };
  }
}

function statusOfFailure({ environment, logFields }: EasContext, error: unknown): number {
  if (error instanceof GatewayError) {
    logFields.refused = error.message;
    return LASTING.has(error.code) ? STATUS.notUsable : STATUS.mailboxError;
  }
  if (error instanceof ContentSyntaxError) return STATUS.notUsable;
  environment.log.error({ command: 'MeetingResponse', error }, 'An answer to an invitation failed: a bug');
  return STATUS.serverError;
}
