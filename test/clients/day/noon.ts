import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { textAt } from '../../support/eas/set-up.ts';
import type { SyncingPhone } from '../../support/eas/syncing-phone.ts';
import { sendMail, wokenBy } from '../phone/cast.ts';
import { fetchFile, fileReferences } from '../phone/play-attachment.ts';
import { respond } from '../phone/play-send.ts';
import { FILE, letter } from '../phone/samples.ts';
import { duration } from '../steps.ts';
import { type Day, TYPE } from './cast.ts';
import { sameItems } from './compare.ts';

const [ME, YOU] = ['user01@example.com', 'user02@example.com'];

/** A tablet and an old phone join; folders are made and renamed, mail is marked, answered, forwarded, moved and deleted. */
export async function noon(day: Day): Promise<void> {
  const { steps, phone, tablet, old } = day;
  await steps.step('a tablet joins and holds what the phone holds', async () => {
    await tablet.setUp();
    await tablet.begin(...tablet.folders);
    await phone.pull(...phone.folders);
    sameItems(phone, tablet);
  });
  await steps.step('an old phone joins in 12.1 and holds the same but for notes', async () => {
    await old.setUp();
    await old.begin(...old.folders);
    assert.ok(![...old.tree.folders.values()].some(({ type }) => type === String(TYPE.notes)));
    sameItems(phone, old);
  });
  await folders(day);
  await marks(day);
  await answers(day);
  await moves(day);
}

async function folders({ steps, phone, tablet }: Day): Promise<void> {
  const hears = (change: () => Promise<string>) => async () => {
    let start = 0;
    const told = tablet.ping([tablet.folder(TYPE.inbox)]);
    const [{ status }] = await Promise.all([
      told,
      pause(200).then(async () => {
        start = performance.now();
        assert.equal(await change(), '1');
      }),
    ]);
    assert.equal(status, '7', 'MS-ASCMD §2.2.3.177.11: 7 asks for FolderSync');
    await tablet.syncFolders();
    assert.deepEqual(named(tablet), named(phone));
    return performance.now() - start;
  };
  await steps.arrives(
    'the phone makes a folder, the tablet hears of it',
    hears(() => phone.tree.create(TYPE.mail, 'Project')),
  );
  await steps.arrives(
    'the phone renames it, the tablet hears of it',
    hears(() => phone.tree.update(phone.folder(TYPE.mail, 'Project'), 'Projects', '0')),
  );
  await steps.step('both begin with it', async () => {
    for (const device of [phone, tablet]) await device.begin(device.folder(TYPE.mail, 'Projects'));
  });
}

function named({ tree }: SyncingPhone): string[] {
  return [...tree.folders].map(([id, { name, parentId, type }]) => [id, name, parentId, type].join(' ')).sort();
}

async function marks({ steps, phone, tablet, old }: Day): Promise<void> {
  const inbox = phone.folder(TYPE.inbox);
  const [serverId] = phone.held(inbox).only('Email:Subject', 'The plan');
  const flag = '<e:Flag><e:Status>2</e:Status><e:FlagType>for Follow Up</e:FlagType></e:Flag>';
  await steps.arrives('the phone flags a message, the tablet sees the flag', async () => {
    const { fromStart } = await wokenBy(tablet, [inbox], () => phone.change(inbox, serverId, flag));
    assert.equal(textAt(tablet.held(inbox).items.get(serverId)!.element('Email:Flag'), 'Email:Status'), '2');
    return fromStart;
  });
  await steps.arrives('the tablet reads it, the phone sees it read', async () => {
    const { fromStart } = await wokenBy(phone, [inbox], () => tablet.change(inbox, serverId, '<e:Read>1</e:Read>'));
    assert.equal(phone.held(inbox).items.get(serverId)!.text('Email:Read'), '1');
    return fromStart;
  });
  await steps.arrives('the old phone clears the flag, both see it cleared', async () => {
    await old.pull(inbox);
    const { fromStart } = await wokenBy(phone, [inbox], () => old.change(inbox, serverId, '<e:Flag></e:Flag>'));
    await tablet.pull(inbox);
    for (const device of [phone, tablet]) {
      const shown = device.held(inbox).items.get(serverId)!.xml('Email:Flag');
      assert.ok(shown === '' || /<Status>0</.test(shown), shown);
    }
    return fromStart;
  });
}

async function answers({ steps, phone, old, other, hand }: Day): Promise<void> {
  const inbox = other.folder(TYPE.inbox);
  const reaches = (subject: string, from: SyncingPhone, send: () => Promise<void>) => async () => {
    const { fromStart } = await wokenBy(other, [inbox], send);
    other.held(inbox).only('Email:Subject', subject);
    const sent = from.folder(TYPE.sent);
    await from.pull(sent);
    from.held(sent).only('Email:Subject', subject);
    return fromStart;
  };
  await steps.arrives(
    'a reply reaches the other person and is in Sent',
    reaches('Re: The plan', phone, () => respond(phone, 'SmartReply', 'Re: The plan', 'Thank you.')),
  );
  await steps.step('it quotes what it answers', async () => {
    const [, reply] = other.held(inbox).only('Email:Subject', 'Re: The plan');
    const body = reply.xml('AirSyncBase:Body');
    assert.match(body, /Thank you\.(?:.|\n)*Here it is\./);
  });
  await steps.arrives(
    'a forward reaches the other person and is in Sent',
    reaches('Fwd: The plan', phone, () => respond(phone, 'SmartForward', 'Fwd: The plan', 'See below.')),
  );
  await steps.step('it has the file, byte for byte', async () => {
    const [reference] = fileReferences(other, inbox, 'Fwd: The plan');
    assert.deepEqual(await fetchFile(other, reference!), FILE);
  });
  const fromOld = letter({ from: ME, to: YOU, subject: 'From an old phone', id: 'old-1', text: 'Still works.' });
  await steps.arrives(
    'the old phone sends a message as 12.1 does',
    reaches('From an old phone', old, () => sendMail(old, fromOld)),
  );
  await steps.step('the mail server takes nothing for somebody unknown', async () => {
    const message = letter({ to: 'nobody@example.com', subject: 'x', id: 'x', text: 'x' });
    await assert.rejects(hand.deliver(YOU, 'nobody@example.com', message), /550/);
  });
}

async function moves({ steps, phone, tablet, vdirsyncer }: Day): Promise<void> {
  // The message that was answered says so since.
  await tablet.pull(...tablet.folders.filter((id) => tablet.key(id) !== '0'));
  const [inbox, projects, deleted] = [
    phone.folder(TYPE.inbox),
    phone.folder(TYPE.mail, 'Projects'),
    phone.folder(TYPE.deleted),
  ];
  await steps.arrives('the phone moves a message, the tablet finds it where it went', async () => {
    const [serverId] = phone.held(inbox).only('Email:Subject', 'To be moved');
    const { fromStart } = await wokenBy(tablet, [inbox, projects], () => phone.move(serverId, inbox, projects));
    await tablet.pull(inbox, projects);
    assert.ok(!tablet.held(inbox).items.has(serverId));
    tablet.held(projects).only('Email:Subject', 'To be moved');
    return fromStart;
  });
  await steps.arrives('the phone deletes a message, it lies in Deleted Items of the tablet', async () => {
    const [serverId] = phone.held(inbox).only('Email:Subject', 'To be deleted');
    const { fromStart } = await wokenBy(tablet, [inbox, deleted], () => phone.remove(inbox, serverId));
    await tablet.pull(inbox, deleted);
    assert.ok(!tablet.held(inbox).items.has(serverId));
    tablet.held(deleted).only('Email:Subject', 'To be deleted');
    return fromStart;
  });
  await steps.step('vdirsyncer meanwhile has nothing to complain of', async () => {
    const milliseconds = await duration(() => vdirsyncer.sync());
    assert.ok(milliseconds > 0);
  });
}
