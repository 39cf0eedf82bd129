import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import {
  AUDIENCES,
  type Audience,
  type AutomaticAnswer,
  OUT_OF_OFFICE_DOCUMENT,
  type OutOfOffice,
  storedOutOfOffice,
} from '../../../../src/domain/out-of-office.ts';
import { htmlToText } from '../../../../src/formats/html/html-to-text.ts';
import { textToHtml } from '../../../../src/formats/html/text-to-html.ts';
import { dashedDate } from '../../classes/dates.ts';
import type { EasContext } from '../../command.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import { child, requiredChild } from '../../wbxml/read-element.ts';
import { APPLIES_TO, bodyTypeOf, readOutOfOffice, SettingRefused } from './read-out-of-office.ts';
import { SETTING_STATUS, settingAnswer } from './setting-status.ts';

/** Oof Get and Set (MS-ASCMD §2.2.3.122): one state of the mailbox, whichever device wrote it. */
export async function answerOutOfOffice(context: EasContext, element: WbxElement): Promise<WbxElement> {
  const set = child(element, 'Settings:Set');
  try {
    if (set !== null) return await write(context, set);
    return await show(context, requiredChild(element, 'Settings:Get'));
  } catch (error) {
    if (!(error instanceof SettingRefused)) throw error;
    return settingAnswer('Settings:Oof', error.status);
  }
}

async function write({ environment, principal, line }: EasContext, set: WbxElement): Promise<WbxElement> {
  const { store } = environment.sync;
  if (line.isProbe) {
    readOutOfOffice(set, storedOutOfOffice(await store.read(principal.mailboxId).document(OUT_OF_OFFICE_DOCUMENT)));
    return settingAnswer('Settings:Oof', SETTING_STATUS.done);
  }
  await store.write(principal.mailboxId, CLIENT_ORIGIN, async (tx) => {
    const stored = storedOutOfOffice(await tx.document(OUT_OF_OFFICE_DOCUMENT));
    await tx.putDocument(OUT_OF_OFFICE_DOCUMENT, readOutOfOffice(set, stored));
  });
  return settingAnswer('Settings:Oof', SETTING_STATUS.done);
}

async function show({ environment, principal }: EasContext, get: WbxElement): Promise<WbxElement> {
  const wanted = bodyTypeOf(get) ?? 'TEXT';
  const reader = environment.sync.store.read(principal.mailboxId);
  const stored = storedOutOfOffice(await reader.document(OUT_OF_OFFICE_DOCUMENT));
  return settingAnswer(
    'Settings:Oof',
    SETTING_STATUS.done,
    el(
      'Settings:Get',
      el('Settings:OofState', stored.state),
      timesOf(stored),
      AUDIENCES.map((audience) => messageOf(audience, stored[audience], wanted)),
    ),
  );
}

function timesOf({ start, end }: OutOfOffice): WbxElement[] {
  if (start === null || end === null) return [];
  return [el('Settings:StartTime', dashedDate(start)), el('Settings:EndTime', dashedDate(end))];
}

function messageOf(audience: Audience, answer: AutomaticAnswer, wanted: AutomaticAnswer['bodyType']): WbxElement {
  return el(
    'Settings:OofMessage',
    el(APPLIES_TO[audience]),
    el('Settings:Enabled', answer.enabled),
    // MS-ASCMD §2.2.3.18.4: the type is that of the message.
    answer.text === '' ? null : [el('Settings:ReplyMessage', textIn(answer, wanted)), el('Settings:BodyType', wanted)],
  );
}

function textIn({ text, bodyType }: AutomaticAnswer, wanted: AutomaticAnswer['bodyType']): string {
  if (bodyType === wanted) return text;
  return wanted === 'TEXT' ? htmlToText(text) : textToHtml(text);
}
