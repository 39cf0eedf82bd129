import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { childElements, textOf } from '../../../../protocols/activesync/wbxml/read-element.ts';
import type { Phone, PhoneAnswer } from '../../../support/eas/phone.ts';
import type { EasServer } from '../support.ts';

export const FOLDER_SYNC = '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>';

export function pingXml(seconds: number, folders: readonly { readonly id: number | string }[]): string {
  const list = folders.map(({ id }) => `<Folder><Id>${id}</Id><Class>Email</Class></Folder>`).join('');
  return `<Ping xmlns="Ping:"><HeartbeatInterval>${seconds}</HeartbeatInterval><Folders>${list}</Folders></Ping>`;
}

/** The folders that an answer names. */
export function changedIn({ root }: PhoneAnswer): number[] {
  assert.ok(root !== null);
  return childElements(root, 'Ping:Folders').flatMap((list) =>
    childElements(list, 'Ping:Folder').map((folder) => Number(textOf(folder))),
  );
}

/** Everything that works in memory has worked. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Until so many requests wait and none of them is looking any more. */
export async function parked(server: EasServer, count = 1): Promise<void> {
  for (let turn = 0; server.environment.parking.size !== count; turn += 1) {
    assert.ok(turn < 1_000, `${server.environment.parking.size} requests wait, not ${count}`);
    await pause(2);
  }
  await settled();
}

/** A Ping whose time runs out where it is not answered at once, or by what happens while it waits. */
export async function pingUntilOver(
  server: EasServer,
  phone: Phone,
  xml: string,
  meanwhile: () => Promise<void> = async () => {},
): Promise<{ readonly answer: PhoneAnswer; readonly wasWaiting: boolean }> {
  let isAnswered = false;
  const waiting = phone.post('Ping', xml).finally(() => {
    isAnswered = true;
  });
  for (let turn = 0; turn < 1_000 && !isAnswered && server.environment.parking.size === 0; turn += 1) await pause(1);
  await settled();
  const wasWaiting = server.environment.parking.size > 0;
  if (wasWaiting) await meanwhile();
  await settled();
  if (!isAnswered) server.clock.advance(300_000);
  return { answer: await waiting, wasWaiting };
}
