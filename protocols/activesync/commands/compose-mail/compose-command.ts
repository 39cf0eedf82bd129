import type { Item } from '../../../../src/domain/item.ts';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import { CannotCompose } from '../../../../src/mail/compose/cannot-compose.ts';
import { composeReply } from '../../../../src/mail/compose/compose-reply.ts';
import type { SubmissionRequest } from '../../../../src/mail/submission.ts';
import { isAtLeast } from '../../classes/version.ts';
import type { EasBody, EasCommand, EasContext, EasResponse } from '../../command.ts';
import { EasStatusError } from '../../status.ts';
import { findSource } from './find-source.ts';
import { noteVerb } from './note-verb.ts';
import { originalOf, threadOf } from './original-of.ts';
import { type ComposeCommand, type ComposeMailRequest, readComposeRequest, type SourceNames } from './read-request.ts';

const DAY_MS = 86_400_000;

/** SendMail, SmartForward and SmartReply differ in what goes along with the message. */
export function composeCommand(name: ComposeCommand): EasCommand {
  return {
    name,
    protocolError: null,
    takes: { message: true },
    handle: (context, body) => send(context, name, body),
  };
}

async function send(context: EasContext, command: ComposeCommand, body: EasBody): Promise<EasResponse> {
  const { environment, principal, device, line } = context;
  const request = readComposeRequest(context, command, body);
  // Of somebody who tries out an account nothing may be kept, so nothing could be sent once.
  if (line.isProbe) throw new EasStatusError(130, 'a probe sends no mail');
  const operation = `${device.id}/SendMail/${request.key}`;
  // Before anything else: the source may be gone by the time that a request comes again.
  if (await wasSent(context, operation)) return sentBefore(context);
  const { message, alsoWrite } = await contentOf(context, command, request);
  const { saveInSent } = request;
  const result = await environment.mail.submit({
    principal,
    message,
    saveInSent,
    operation,
    ...(alsoWrite && { alsoWrite }),
  });
  context.logFields.submission = result;
  return result === 'already-sent' ? sentBefore(context) : { kind: 'empty' };
}

/** A ClientId is good for ever; a hash for a day, since people do send the same words again. */
async function wasSent({ environment, principal, version }: EasContext, operation: string): Promise<boolean> {
  const { store, clock } = environment.sync;
  const done = await store.read(principal.mailboxId).doneOperation(operation);
  if (done === null || isAtLeast(version, '14.0') || clock.now() - done.at < DAY_MS) return done !== null;
  await store.write(principal.mailboxId, CLIENT_ORIGIN, (tx) => tx.removeDoneOperation(operation));
  return false;
}

/** Before 14.0 there is no word for it: the client is told what it would have been told the first time. */
function sentBefore({ version, logFields }: EasContext): EasResponse {
  logFields.submission = 'already-sent';
  if (!isAtLeast(version, '14.0')) return { kind: 'empty' };
  throw new EasStatusError(118, 'this ClientId was sent before');
}

type Contents = Pick<SubmissionRequest, 'message' | 'alsoWrite'>;

async function contentOf(context: EasContext, command: ComposeCommand, request: ComposeMailRequest): Promise<Contents> {
  const { source, message } = request;
  if (command === 'SendMail' || source === null) return { message };
  const kind = command === 'SmartReply' ? 'reply' : 'forward';
  const item = await findSource(context, source);
  const composed = await compose(context, request, { kind, item, source });
  return { message: composed, alsoWrite: noteVerb(context, item, kind, message) };
}

async function compose(
  context: EasContext,
  { message, replaceMime }: ComposeMailRequest,
  { kind, item, source }: { kind: 'reply' | 'forward'; item: Item; source: SourceNames },
): Promise<readonly Uint8Array[]> {
  const { clock, random } = context.environment.sync;
  const now = clock.now();
  if (replaceMime) {
    const thread = await threadOf(context, item, source.instanceId);
    return composeReply({ kind, message, original: null, thread, now, random });
  }
  try {
    const { original, thread } = await originalOf(context, item, source.instanceId);
    return await composeReply({ kind, message, original, thread, now, random });
  } catch (error) {
    if (error instanceof CannotCompose) throw new EasStatusError(121, error.message);
    throw error;
  }
}
