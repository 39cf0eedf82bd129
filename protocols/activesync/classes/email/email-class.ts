import { conversationOf } from '../../../../src/domain/message/conversation.ts';
import { messageTime } from '../../../../src/domain/message/message-time.ts';
import { bodyFields, bodyPartFields } from '../body/body-fields.ts';
import { dashedDate } from '../dates.ts';
import { type Field, field, findField, optional } from '../field.ts';
import { forVersion, isAtLeast } from '../version.ts';
import { attachmentFields } from './attachments.ts';
import type { EmailRenderOptions } from './email-options.ts';
import { type EmailState, stateFields } from './email-state.ts';
import { addressesOf, addressesText, displayNames, importanceOf, subjectOf, threadTopic } from './header-values.ts';
import { readMeeting } from './meeting-request.ts';
import { messageBody } from './message-body.ts';
import { messageClass } from './message-class.ts';
import type { StoredMessage } from './message-view.ts';
import { type ShownMessage, showMessage } from './shown-message.ts';

/** Bodies are sent as UTF-8, whatever the message was written in. */
const UTF_8 = '65001';

/**
 * ApplicationData of a mail (MS-ASEMAIL). Reads of the message no more than its header, and of its body what the
 * preferences need; a MIME body is a stream that is opened when it is sent.
 */
export async function renderEmail(
  message: StoredMessage,
  state: EmailState,
  options: EmailRenderOptions,
): Promise<Field[]> {
  const { fields } = message.index;
  const shown = await showMessage(message);
  const meeting = await readMeeting(shown, options);
  const part = await partFields(shown, options);
  // MS-ASCON §3.2.5.6: who asks for the part of a message and for no form of its body gets the part alone.
  const isPartOnly = part.length > 0 && options.bodyPreferences.length === 0;
  const body = isPartOnly ? [] : bodyFields(await messageBody(shown, options), options);
  const noted = stateFields(state, options);
  const pick = (...names: readonly string[]): Field[] =>
    names.map((name) => findField(noted, name)).filter((found) => found !== null);
  const kind = meeting === null ? 'message' : 'calendarmessage';
  const all: Field[] = [
    ...optional('Email:To', addressesText(fields, 'to')),
    ...optional('Email:Cc', addressesText(fields, 'cc')),
    ...optional('Email:From', addressesText(fields, 'from')),
    field('Email:Subject', subjectOf(fields)),
    ...optional('Email:ReplyTo', addressesText(fields, 'reply-to')),
    field('Email:DateReceived', dashedDate(messageTime(fields, message.receivedAt))),
    ...optional('Email:DisplayTo', displayNames(fields, 'to')),
    ...optional('Email:ThreadTopic', threadTopic(fields)),
    field('Email:Importance', importanceOf(fields)),
    ...pick('Email:Read'),
    field('Email:MessageClass', messageClass(message.index, meeting)),
    ...(meeting?.fields ?? []),
    field('Email:InternetCPID', UTF_8),
    ...pick('Email:Flag'),
    field('Email:ContentClass', `urn:content-classes:${kind}`),
    ...pick('Email:Categories'),
    ...(await attachmentFields(shown, meeting !== null)),
    ...body,
    ...part,
    ...conversationFields(message),
    ...senderField(message),
    ...pick('Email2:LastVerbExecuted', 'Email2:LastVerbExecutionTime'),
  ];
  return forVersion(all, options.version);
}

/** Read apart from Body, which may be asked for in another form. */
async function partFields(shown: ShownMessage, options: EmailRenderOptions): Promise<Field[]> {
  const { bodyPartPreference } = options;
  if (bodyPartPreference === undefined || !isAtLeast(options.version, '14.1')) return [];
  const preferences = { ...options, bodyPreferences: [{ ...bodyPartPreference, type: 2 as const }] };
  return bodyPartFields(await messageBody(shown, preferences), bodyPartPreference, options);
}

function conversationFields({ index, receivedAt }: StoredMessage): Field[] {
  const conversation = conversationOf(index.fields, messageTime(index.fields, receivedAt));
  if (conversation === null) return [];
  return [field('Email2:ConversationId', conversation.id), field('Email2:ConversationIndex', conversation.index)];
}

/** Who sent it in the name of another (RFC 5322 §3.6.2). */
function senderField({ index }: StoredMessage): Field[] {
  const [sender] = addressesOf(index.fields, 'sender');
  const from = addressesOf(index.fields, 'from');
  if (sender === undefined || from.some(({ address }) => address.toLowerCase() === sender.address.toLowerCase()))
    return [];
  return optional('Email2:Sender', addressesText(index.fields, 'sender'));
}
