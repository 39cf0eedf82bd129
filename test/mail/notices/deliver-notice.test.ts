import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import { deliverNotice, NOTICE_EVERY_MS } from '../../../src/mail/notices/deliver-notice.ts';
import { diskText, quotaText } from '../../../src/mail/notices/texts.ts';
import { MailWorld, STORES } from '../world.ts';

const TEXT = quotaText({ usedBytes: 950, items: 3, quota: { bytes: 1000, items: null }, share: 950 });

for (const kind of STORES) {
  const open = async (t: TestContext) => {
    const world = new MailWorld(t, kind);
    const ann = await world.user('ann@example.org');
    const tell = (about = 'quota') =>
      deliverNotice(world.services, { ...TEXT, kind: about, mailboxId: ann.mailboxId, to: 'ann@example.org' });
    const inbox = () => world.held(ann.mailboxId, 'inbox');
    return { world, ann, tell, inbox };
  };

  test(`${kind}: a notice is kept in a mailbox that is full`, async (t) => {
    const { world, ann, tell, inbox } = await open(t);
    await world.mailboxes.setQuota(ann.mailboxId, { bytes: 0, items: 0 });
    assert.equal(await tell(), 'delivered');
    const [{ text, isRead } = { text: '', isRead: true }] = await inbox();
    assert.equal(isRead, false);
    assert.match(text, /^Return-Path: <>\r\nFrom: Causeway <postmaster@example\.org>\r\nTo: ann@example\.org\r\n/);
    assert.match(text, /^Subject: Your mailbox is 95 % full\r$/m);
    assert.match(text, /^ {2}950 bytes of 1000 bytes\r$/m);
  });

  test(`${kind}: the same is said once a day, also after a restart; another kind by itself`, async (t) => {
    const { world, tell, inbox } = await open(t);
    assert.equal(await tell(), 'delivered');
    world.restart();
    world.clock.advance(NOTICE_EVERY_MS - 1);
    assert.equal(await tell(), 'too-soon');
    assert.equal(await tell('disk-low'), 'delivered');
    assert.equal((await inbox()).length, 2);
    world.clock.advance(1);
    assert.equal(await tell(), 'delivered');
  });

  test(`${kind}: a notice that nobody read is replaced, one that was read or moved stays`, async (t) => {
    const { world, ann, tell, inbox } = await open(t);
    await tell();
    world.clock.advance(NOTICE_EVERY_MS);
    await tell();
    const [only, ...more] = await inbox();
    assert.deepEqual(more, []);
    await world.mailboxes.write(ann.mailboxId, CLIENT_ORIGIN, (tx) => tx.setFlags(only!.id, { read: true }));
    world.clock.advance(NOTICE_EVERY_MS);
    await tell();
    assert.equal((await inbox()).length, 2);
    const folders = await world.mailboxes.read(ann.mailboxId).folders();
    const junk = folders.find(({ role }) => role === 'junk')!;
    const unread = (await inbox()).find(({ isRead }) => !isRead)!;
    await world.mailboxes.write(ann.mailboxId, CLIENT_ORIGIN, (tx) => tx.moveItem(unread.id, junk.id, 'kept.eml'));
    world.clock.advance(NOTICE_EVERY_MS);
    await tell();
    assert.equal((await world.held(ann.mailboxId, 'junk')).length, 1);
  });

  test(`${kind}: no program is told that a notice came, so that none answers it`, async (t) => {
    const { world, tell } = await open(t);
    let rung = 0;
    world.services.bell.answerWith(() => {
      rung += 1;
    });
    await tell();
    await world.settle();
    assert.equal(rung, 0);
  });
}

test('what runs full, and what helps, is said in words', () => {
  const full = quotaText({ usedBytes: 5 * 1024 ** 3, items: 1001, quota: { bytes: null, items: 1000 }, share: 1001 });
  assert.equal(full.subject, 'Your mailbox is full');
  assert.match(full.lines.join('\n'), /1001 of 1000 items.*Nothing more can be stored/s);
  const facts = { hostName: 'mail.example.org', folder: '/srv/data', freeBytes: 3 * 1024 ** 2, totalBytes: 1024 ** 3 };
  const disk = diskText({ state: 'full', ...facts, limitBytes: 4 * 1024 ** 2 });
  assert.match(
    disk.lines.join('\n'),
    /\/srv\/data has 3 MiB of 1 GiB free.*hard limit of 4 MiB.*reading and deleting go on/s,
  );
});
