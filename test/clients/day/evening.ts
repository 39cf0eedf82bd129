import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requiredChild } from '../../../protocols/activesync/wbxml/read-element.ts';
import { textAt } from '../../support/eas/set-up.ts';
import type { SyncingPhone } from '../../support/eas/syncing-phone.ts';
import { given } from '../steps.ts';
import { type Day, TYPE } from './cast.ts';
import { sameItems } from './compare.ts';

const ADDRESS = 'user01@example.com';

/** Everything is compared: phone, tablet, old phone, what DAV programs hold, the store. */
export async function evening(day: Day): Promise<void> {
  const { steps, phone, tablet, old, vdirsyncer } = day;
  const devices = [phone, tablet, old];
  await steps.step('every device synchronises once more; then nothing comes and every estimate is 0', async () => {
    for (const device of devices) {
      await device.syncFolders();
      const ids = device.folders;
      await device.begin(...ids.filter((id) => device.key(id) === '0'));
      await device.pull(...ids);
      assert.deepEqual(await device.pull(...ids), []);
      for (const id of ids) assert.equal(await estimate(device, id), 0, `estimate of ${id}`);
    }
  });
  await steps.step('phone and tablet hold the same', async () => sameItems(phone, tablet));
  await steps.step('phone and old phone hold the same', async () => sameItems(phone, old));
  const exported = new Map<string, string[]>();
  await steps.step('the store is exported, and check finds nothing', async () => {
    const folder = join(given('DATA'), 'evening');
    causeway('export', ADDRESS, '--to', folder);
    for (const name of readdirSync(folder)) exported.set(name, filesIn(join(folder, name)));
    causeway('check');
    assert.equal(causeway('quarantine', 'list', ADDRESS, '--json').trim(), '[]');
  });
  await steps.step('what vdirsyncer has is what the store has', async () => {
    await vdirsyncer.sync();
    for (const name of ['Calendar', 'Tasks', 'Notes', 'Contacts']) {
      assert.deepEqual(canonical(vdirsyncer.files(name)), canonical(exported.get(name)!), name);
    }
  });
  await steps.step('what python-caldav reads is what the store has', async () => {
    for (const name of ['Calendar', 'Tasks', 'Notes']) {
      assert.deepEqual(canonical(await day.hand.everything(name)), canonical(exported.get(name)!), name);
    }
  });
  await steps.step('a tablet that begins anew holds what the phone holds', async () => {
    await tablet.begin(...tablet.folders);
    sameItems(phone, tablet);
  });
  await steps.step('what the phone holds is what the store has', async () => storeIsPhone(phone, exported));
}

async function estimate(device: SyncingPhone, id: string): Promise<number> {
  const key = `<SyncKey xmlns="AirSync:">${device.key(id)}</SyncKey>`;
  const collection = `<Collection>${key}<CollectionId>${id}</CollectionId></Collection>`;
  const xml = `<GetItemEstimate xmlns="GetItemEstimate:"><Collections>${collection}</Collections></GetItemEstimate>`;
  const answer = requiredChild(await device.wire.command('GetItemEstimate', xml), 'GetItemEstimate:Response');
  assert.equal(textAt(answer, 'GetItemEstimate:Status'), '1');
  return Number(textAt(answer, 'GetItemEstimate:Collection', 'GetItemEstimate:Estimate'));
}

/** Runs the command line beside the server. */
function causeway(...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli.ts', '--data', given('DATA'), ...words], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, `causeway ${words.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** Objects without regard to folding, line ends and their order among each other. */
function canonical(texts: readonly string[]): string[] {
  return texts
    .map((text) =>
      text
        .replaceAll('\r', '')
        .replaceAll(/\n[ \t]/g, '')
        .trim(),
    )
    .sort();
}

/** By folder: the phone’s titles, with UID and start where it has them, against those that stand in the files. */
function storeIsPhone(phone: SyncingPhone, exported: ReadonlyMap<string, readonly string[]>): void {
  const expected = (name: string, pattern: RegExp) =>
    canonical(exported.get(name)!)
      .map((text) => pattern.exec(text)?.[1] ?? `without title: ${text.slice(0, 200)}`)
      .sort();
  const held = (type: number, name: Parameters<typeof titles>[2], folder?: string) =>
    titles(phone, phone.folder(type, folder), name);
  const [summary, subject, fullName] = [/^SUMMARY:(.*)$/m, /^Subject: (.*)$/im, /^FN:(.*)$/m];
  assert.deepEqual(held(TYPE.calendar, 'Calendar:Subject'), expected('Calendar', summary));
  assert.deepEqual(held(TYPE.tasks, 'Tasks:Subject'), expected('Tasks', summary));
  assert.deepEqual(held(TYPE.notes, 'Notes:Subject'), expected('Notes', summary));
  const names = [...phone.held(phone.folder(TYPE.contacts)).items.values()].map(
    (item) => `${item.text('Contacts:FirstName')} ${item.text('Contacts:LastName')}`,
  );
  assert.deepEqual(names.sort(), expected('Contacts', fullName));
  assert.deepEqual(held(TYPE.inbox, 'Email:Subject'), expected('Inbox', subject));
  assert.deepEqual(held(TYPE.sent, 'Email:Subject'), expected('Sent Items', subject));
  assert.deepEqual(held(TYPE.deleted, 'Email:Subject'), expected('Deleted Items', subject));
  assert.deepEqual(held(TYPE.mail, 'Email:Subject', 'Projects'), expected('Projects', subject));
  const total = phone.folders.reduce((sum, id) => sum + phone.held(id).items.size, 0);
  assert.equal(
    total,
    [...exported.values()].reduce((sum, files) => sum + files.length, 0),
    'items in all folders',
  );
}

type Title = 'Calendar:Subject' | 'Tasks:Subject' | 'Notes:Subject' | 'Email:Subject';

function titles(phone: SyncingPhone, id: string, name: Title): string[] {
  return [...phone.held(id).items.values()].map((item) => item.text(name) ?? '').sort();
}
