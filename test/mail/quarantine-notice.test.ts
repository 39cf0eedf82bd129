import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../src/domain/errors.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import { noticeQuarantine } from '../../src/mail/quarantine-notice.ts';
import type { Device } from '../../src/store/device-store.ts';
import { registered } from '../contract/device-register.ts';
import { MailWorld, STORES } from './world.ts';

const WAITS = { state: 'quarantined', by: 'rule', who: null, why: 'new devices wait', at: 1 } as const;

for (const kind of STORES) {
  test(`${kind}: the owner gets one message that names the device, says where to let it in, and comes once per device`, async (t) => {
    const world = new MailWorld(t, kind);
    const user = await world.user('ann@example.org', 'Ann');
    const { principal } = user;
    const device = registered('appl1', 'ann@example.org', 1, {
      ...{ type: 'iPhone', information: { Model: 'iPhone7C2', OS: 'iOS 9.3\r\nBcc: x@y.example' } },
      access: { ...WAITS, approval: 'user' },
    });
    await world.services.syncState.write(user.mailboxId, CLIENT_ORIGIN, (tx) => tx.putDevice(device));
    const parts = { ...world.services, publicUrl: 'https://mail.example.org' };
    const notice = (about: Device = device) => noticeQuarantine(parts, principal, about);
    assert.equal(await notice(), 'written');
    assert.equal(await notice(), 'written-before');
    const [item, ...others] = await world.held(user.mailboxId, 'inbox');
    assert.deepEqual([others.length, item!.isRead], [0, false]);
    const { text } = item!;
    assert.match(text, /^From: Device access <postmaster@example.org>\r$/m);
    assert.match(text, /^Subject: A new device waits: iPhone7C2 \(APPL1\)\r$/m);
    assert.match(text, /^Auto-Submitted: auto-generated\r$/m);
    assert.doesNotMatch(text, /^Bcc/m);
    for (const line of [
      'Kind:       iPhone',
      'Model:      iPhone7C2',
      'From:       192.0.2.7',
      'When:       2026-05-04 10:00 UTC',
    ]) {
      assert.ok(text.includes(`  ${line}\r\n`), line);
    }
    assert.match(text, /let it in here: https:\/\/mail\.example\.org\/me\r\n/);
    assert.match(text, /Why: new devices wait/);
    await world.services.syncState.write(user.mailboxId, CLIENT_ORIGIN, (tx) => tx.removeDevice(device.id));
    assert.equal(await notice({ ...device, access: WAITS }), 'written');
    const second = (await world.held(user.mailboxId, 'inbox')).find((one) => one.id !== item!.id)!;
    assert.match(second.text, /An administrator has to let it in/);
    assert.doesNotMatch(second.text, /\/me/);
  });
}

test('a mailbox that is full gets none, and the log says so; whatever else goes wrong is told', async (t) => {
  const world = new MailWorld(t, 'memory');
  const { principal } = await world.user('ann@example.org');
  const failing = (error: Error) => ({
    ...world.services,
    ...world.withSyncState((store) => ({ ...store, write: () => Promise.reject(error) })),
    publicUrl: null,
  });
  const device = registered('appl1', 'ann@example.org', 1, { access: WAITS });
  const full = new GatewayError('quota-exceeded', { limit: 1, unit: 'bytes' });
  assert.equal(await noticeQuarantine(failing(full), principal, device), 'full');
  assert.match(world.lines[0]!.message, /no room for the message/);
  await assert.rejects(noticeQuarantine(failing(new Error('broken')), principal, device), /broken/);
});
