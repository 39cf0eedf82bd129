import assert from 'node:assert/strict';
import { expectEmpty } from '../../support/eas/set-up.ts';
import type { SyncingPhone } from '../../support/eas/syncing-phone.ts';
import { type Cast, composed, receive, sendMail, wokenBy } from './cast.ts';
import { fetchFile, fileReferences } from './play-attachment.ts';
import { FILE, letter, letterWithFile } from './samples.ts';

const [ME, YOU] = ['user01@example.com', 'user02@example.com'];

/** A message is sent, one answered, one forwarded with its file; each is in Sent, and with the other person. */
export async function playSend(cast: Cast): Promise<void> {
  const { steps, phone, other } = cast;
  await steps.step('set-up and a message with a file', async () => {
    await phone.setUp();
    await other.setUp();
    for (const one of [phone, other]) await one.begin(one.folder(2), one.folder(5));
    await receive(cast, letterWithFile({ subject: 'The plan', id: 'plan', text: 'Here it is.' }));
  });
  const arrives = async (subject: string, send: () => Promise<void>) => {
    const inbox = other.folder(2);
    assert.deepEqual((await wokenBy(other, [inbox], send)).folders, [inbox]);
    other.held(inbox).only('Email:Subject', subject);
    await phone.pull(phone.folder(5));
    phone.held(phone.folder(5)).only('Email:Subject', subject);
  };
  await steps.step('a message is sent, answered by an empty 200, there and in Sent', () =>
    arrives('Hello', () =>
      sendMail(phone, letter({ from: ME, to: YOU, subject: 'Hello', id: 'hello', text: 'Hello.' })),
    ),
  );
  await steps.step('a reply', () =>
    arrives('Re: The plan', () => respond(phone, 'SmartReply', 'Re: The plan', 'Thank you.')),
  );
  await steps.step('a forward, with the file', async () => {
    await arrives('Fwd: The plan', () => respond(phone, 'SmartForward', 'Fwd: The plan', 'See below.'));
    const [reference] = fileReferences(other, other.folder(2), 'Fwd: The plan');
    assert.deepEqual(await fetchFile(other, reference!), FILE);
  });
}

/** Answers or forwards the message `The plan` in the Inbox to the other person. */
export async function respond(
  phone: SyncingPhone,
  command: 'SmartReply' | 'SmartForward',
  subject: string,
  text: string,
  original = 'The plan',
): Promise<void> {
  const folder = phone.folder(2);
  const [item] = phone.held(folder).only('Email:Subject', original);
  const id = `${command.toLowerCase()}-${subject.replaceAll(/\W/g, '')}`;
  const mime = Buffer.from(letter({ from: ME, to: YOU, subject, id, text }));
  const isOld = phone.wire.options.version === '12.1';
  const query = { CollectionId: folder, ItemId: item, SaveInSent: 'T' };
  const source = `<Source><FolderId>${folder}</FolderId><ItemId>${item}</ItemId></Source>`;
  const answer = isOld
    ? await phone.wire.post(command, mime, { query, headers: { 'Content-Type': 'message/rfc822' } })
    : await phone.wire.post(command, composed(command, id, source, mime));
  expectEmpty(answer, command);
}
