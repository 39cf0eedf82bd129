import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { LmtpClient } from '../mail/lmtp-client.ts';
import { FolderTree } from '../support/eas/folder-tree.ts';
import { Phone } from '../support/eas/phone.ts';
import { SyncPhone } from '../support/eas/sync-phone.ts';
import { contactsHeld, subjectsHeld, WorkingPhone } from '../support/eas/working-phone.ts';
import { type Random, seededRandom, seedOf } from '../support/random.ts';
import { checkFolder, firstUser, npmStart } from './support/npm-start.ts';
import { temporaryFolder } from './support/start.ts';

const KILLS = Number(process.env.TEST_KILLS ?? 3);
const PHONES = 4;
const seed = seedOf(20_27);

/** MS-ASCMD §2.2.3.186.3 */
const TYPES = { inbox: 2, sent: 5, contacts: 9 } as const;

/** Delivers by LMTP until the connection breaks; nothing is sent again, so that nothing may be there twice. */
class Sender {
  readonly accepted = new Set<string>();
  /** Sent, without an answer. */
  readonly unsure = new Set<string>();
  readonly #to: string;
  #count = 0;

  constructor(to: string) {
    this.#to = to;
  }

  async work(path: string): Promise<void> {
    const lmtp = new LmtpClient({ path });
    await lmtp.begin();
    for (;;) {
      const subject = `lmtp-${this.#count++}`;
      if (!(await lmtp.send(`RCPT TO:<${this.#to}>`)).startsWith('250')) break;
      this.unsure.add(subject);
      const [reply = ''] = await lmtp.data(`Subject: ${subject}\r\n\r\nHello\r\n`, 1);
      if (!reply.startsWith('250')) break;
      this.unsure.delete(subject);
      this.accepted.add(subject);
      if (!(await lmtp.send('MAIL FROM:<them@elsewhere.example>')).startsWith('250')) break;
    }
    lmtp.destroy();
  }
}

function lightning(random: Random): Promise<void> {
  // Not a time to be met: only when in the work the lightning strikes.
  return new Promise((resolve) => setTimeout(resolve, 150 + random.below(900)));
}

/** Everything in these collections, as a phone that never was here before gets it. */
async function observe(phone: Phone, ids: readonly string[]): Promise<SyncPhone> {
  const observer = new SyncPhone(phone);
  for (const id of ids) await observer.begin(id, '', '<WindowSize>512</WindowSize>');
  return observer;
}

test(`a gateway killed ${KILLS} times under phones has all it acknowledged, once (seed ${seed})`, async (t) => {
  const folder = temporaryFolder(t);
  const data = join(folder, 'data');
  const socket = join(folder, 'lmtp');
  const random = seededRandom(seed);
  const launch = () => npmStart(data, ['--lmtp-listen', `unix:${socket}`]);
  let gateway = await launch();
  t.after(() => gateway.kill());
  const { local, domain, password } = firstUser(gateway);
  const user = `${local}@${domain}`;
  const options = {
    get origin() {
      return gateway.url;
    },
    ...{ user, password },
  };
  const newPhone = (deviceId: string) => new Phone(Object.create(options, { deviceId: { value: deviceId } }));
  const tree = new FolderTree(newPhone('TREE'));
  await tree.sync();
  const ids = { inbox: tree.idOf(TYPES.inbox), sent: tree.idOf(TYPES.sent), contacts: tree.idOf(TYPES.contacts) };
  const phones = Array.from(
    { length: PHONES },
    (_, number) => new WorkingPhone(`phone-${number}`, newPhone(`PHONE${number}`), ids.contacts, random),
  );
  for (const { sync } of phones) await sync.begin(ids.contacts);
  const sender = new Sender(user);
  for (let round = 0; round < KILLS; round += 1) {
    const label = `seed ${seed}, round ${round}`;
    const working = [...phones.map((phone) => phone.work()), sender.work(socket)];
    await lightning(random);
    await gateway.kill();
    await Promise.all(working);
    checkFolder(data);
    gateway = await launch();
    for (const phone of phones) await phone.catchUp();
    // What the last of them wrote reaches the first only now.
    for (const phone of phones) await phone.catchUp();
    const seen = await observe(newPhone(`OBSERVER${round}`), [ids.contacts, ids.inbox, ids.sent]);
    const expected = phones.flatMap(({ own }) => [...own].map(([name, { value }]) => `${name} ${value}`)).sort();
    assert.deepEqual(contactsHeld(seen, ids.contacts), expected, `${label}: contacts on the server`);
    for (const { name, sync } of phones) {
      assert.deepEqual(contactsHeld(sync, ids.contacts), expected, `${label}: contacts of ${name}`);
    }
    const sent = phones.flatMap((phone) => [...phone.sent]).sort();
    assert.deepEqual(subjectsHeld(seen, ids.sent), sent, `${label}: Sent`);
    const inbox = subjectsHeld(seen, ids.inbox);
    const certain = inbox.filter((subject) => !sender.unsure.has(subject));
    assert.deepEqual(certain, [...sent, ...sender.accepted].sort(), `${label}: Inbox`);
    assert.equal(new Set(inbox).size, inbox.length, `${label}: Inbox has a message twice`);
  }
  const acknowledged = phones.reduce((sum, phone) => sum + phone.acknowledged, sender.accepted.size);
  assert.ok(acknowledged >= KILLS, `only ${acknowledged} were acknowledged`);
  t.diagnostic(`${acknowledged} acknowledged over ${KILLS} kills, ${sender.accepted.size} of them by LMTP`);
});
