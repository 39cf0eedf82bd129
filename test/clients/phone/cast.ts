import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { PhoneOptions } from '../../support/eas/phone.ts';
import { expectEmpty } from '../../support/eas/set-up.ts';
import type { ToldCommand } from '../../support/eas/sync-phone.ts';
import { SyncingPhone } from '../../support/eas/syncing-phone.ts';
import { given, type Steps } from '../steps.ts';

export type Version = NonNullable<PhoneOptions['version']>;

/** Long enough for a request to be parked; should it not be, it is answered at once, by the same. */
const PARKED_MS = 200;

/** Who plays: the phone under test, another person with a phone, and a DAV client. */
export interface Cast {
  readonly steps: Steps;
  readonly version: Version;
  readonly phone: SyncingPhone;
  /** Of user02, who writes to user01. */
  readonly other: SyncingPhone;
}

export function castOf(steps: Steps, version: Version): Cast {
  const origin = given('ROOT_URL');
  const phone = new SyncingPhone({
    ...{ origin, version, user: given('DAV_USER'), password: given('DAV_PASSWORD') },
    ...{ deviceId: 'SCRIPTEDPHONE1', deviceType: 'Scripted', userAgent: 'ScriptedPhone/1.0' },
  });
  const other = new SyncingPhone({
    ...{ origin, version: '14.1', user: given('OTHER_ADDRESS'), password: given('OTHER_PASSWORD') },
    ...{ deviceId: 'SCRIPTEDPHONE2', deviceType: 'Scripted', userAgent: 'ScriptedPhone/1.0' },
  });
  return { steps, version, phone, other };
}

/** As a DAV client does it; `path` is below the user’s home. */
export async function putByDav(path: string, contentType: string, content: string): Promise<void> {
  const credentials = Buffer.from(`${given('DAV_USER')}:${given('DAV_PASSWORD')}`).toString('base64');
  const answer = await fetch(`${given('ROOT_URL')}/${path}`, {
    method: 'PUT',
    headers: { Authorization: `Basic ${credentials}`, 'Content-Type': contentType, 'User-Agent': 'driving-script' },
    body: content,
  });
  assert.equal(answer.status, 201, `PUT ${path}`);
}

export interface Wake {
  readonly folders: readonly string[];
  /** What the Sync of those folders told. */
  readonly told: readonly ToldCommand[];
  /** Milliseconds until all was there, from the beginning of the change and from its end. */
  readonly fromStart: number;
  readonly fromEnd: number;
}

/** Does `change` while the phone waits for news of these folders, and has it fetch those of which the Ping told. */
export async function wokenBy(
  phone: SyncingPhone,
  ids: readonly string[],
  change: () => Promise<unknown>,
): Promise<Wake> {
  let [start, end] = [0, 0];
  const changing = pause(PARKED_MS).then(async () => {
    start = performance.now();
    await change();
    end = performance.now();
  });
  const fetched = phone.ping(ids).then(async ({ status, folders }) => {
    assert.equal(status, '2', 'MS-ASCMD §2.2.3.177.11: 2 says that folders changed');
    assert.notEqual(start, 0, 'nothing had happened yet');
    return { folders, told: await phone.pull(...folders), at: performance.now() };
  });
  const [{ folders, told, at }] = await Promise.all([fetched, changing]);
  return { folders, told, fromStart: at - start, fromEnd: Math.max(0, at - end) };
}

/** Has a message sent to user01 by user02, and waits for it by Ping. Gives what the following Sync told of the Inbox. */
export async function receive({ phone, other }: Cast, message: string): Promise<readonly ToldCommand[]> {
  const inbox = phone.folder(2);
  const { folders, told } = await wokenBy(phone, [inbox], () => sendMail(other, message));
  assert.deepEqual(folders, [inbox]);
  return told;
}

let sent = 0;

/** SendMail as its version has it: a document from 14.0 on, the message itself before. */
export async function sendMail({ wire }: SyncingPhone, message: string): Promise<void> {
  sent += 1;
  const mime = Buffer.from(message);
  const isOld = wire.options.version === '12.1';
  const answer = isOld
    ? await wire.post('SendMail', mime, { query: { SaveInSent: 'T' }, headers: { 'Content-Type': 'message/rfc822' } })
    : await wire.post('SendMail', composed('SendMail', `sent-${sent}`, '', mime));
  expectEmpty(answer, 'SendMail');
}

/** A document of ComposeMail; `source` is XML of what it answers or forwards. */
export function composed(command: string, clientId: string, source: string, mime: Uint8Array): string {
  const data = Buffer.from(mime).toString('base64');
  return `<${command} xmlns="ComposeMail:"><ClientId>${clientId}</ClientId><SaveInSentItems/>${source}<MIME>${data}</MIME></${command}>`;
}
