import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import type { DeviceFilter, DeviceQuery } from '../../src/store/device-register.ts';
import type { DeviceAccessState } from '../../src/store/device-store.ts';
import { openSqliteStores } from '../../src/store/sqlite/open.ts';
import { decided, registered } from '../contract/device-register.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { devicesPage } from './devices-page.ts';

const RUNS = 5;
const PER_MAILBOX = 20;

const QUESTIONS: readonly (readonly [string, Omit<DeviceQuery, 'order' | 'after' | 'limit'>])[] = [
  ['everything', {}],
  ['one user', { mailboxId: 7 }],
  ['a domain', { domain: 'd3.example' }],
  ['a protocol', { protocol: 'webdav' }],
  ['quarantined', { access: 'quarantined' }],
  ['blocked, of a protocol and a domain', { access: 'blocked', protocol: 'webdav', domain: 'd3.example' }],
  ['allowed, of a protocol that is not there', { access: 'allowed', protocol: 'none' }],
  ['an id', { text: 'appl0004217' }],
  ['a part of an id, in a domain', { text: 'l00042', domain: 'd2.example' }],
  ['a word that all have', { text: 'example' }],
  ['a word that a tenth have, and no other', { text: 'model-7 zz' }],
  ['a short word that nobody has', { text: 'ß' }],
];

const PAGES: readonly string[] = [
  ...['', 'order=owner', 'domain=d3.example', 'access=quarantined', 'protocol=webdav&access=blocked'],
  ...['text=appl0004217', 'text=l00042', 'text=model-7 zz', 'text=example&order=owner'],
];

/** What questions to the register cost, median of five, with so many devices. */
export async function benchDevices(sizes: readonly number[]): Promise<void> {
  for (const size of sizes.length > 0 ? sizes : [100_000]) {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
    const random = (length: number) => new Uint8Array(length);
    const stores = openSqliteStores({ path: join(folder, 'store.db'), clock: fakeClock(), random, publish() {} });
    const begin = performance.now();
    for (let at = 0; at < size; at += PER_MAILBOX) {
      const mailboxId = await stores.mailboxes.createMailbox();
      await stores.syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
        for (let n = at; n < at + PER_MAILBOX; n += 1) await tx.putDevice(deviceOf(n));
      });
    }
    const each = (performance.now() - begin) / size;
    console.log(`\n${size} devices, written in ${each.toFixed(2)} ms each, ${PER_MAILBOX} in a transaction\n`);
    console.log('| question | 100 by contact, ms | 500 by owner, ms | count, ms |\n|---|---|---|---|');
    for (const [title, filter] of QUESTIONS) {
      const list = (order: DeviceQuery['order'], limit: number) => () =>
        stores.devices.list({ ...filter, order, after: null, limit });
      const cells = [list('contact', 100), list('owner', 500), () => stores.devices.count(filter as DeviceFilter)];
      const times: string[] = [];
      for (const cell of cells) times.push((await median(cell)).toFixed(1));
      console.log(`| ${title} | ${times.join(' | ')} |`);
    }
    const show = devicesPage(stores);
    console.log('\n| page at /admin/devices | made in, ms |\n|---|---|');
    for (const query of PAGES) console.log(`| ${query || '(all)'} | ${(await median(() => show(query))).toFixed(1)} |`);
    await stores.close();
    rmSync(folder, { recursive: true });
  }
}

/** The contact is spread so that neighbours in the table are none in time. */
function deviceOf(n: number) {
  const number = String(n).padStart(7, '0');
  const state: DeviceAccessState = n % 1_000 === 0 ? 'quarantined' : n % 500 === 0 ? 'blocked' : 'allowed';
  return registered(`appl${number}`, `user${Math.floor(n / PER_MAILBOX)}@d${n % 7}.example`, (n * 7_919) % 1_000_003, {
    ...decided(state),
    protocol: n % 3 === 0 ? 'webdav' : 'activesync',
    information: { Model: `Model-${n % 10}`, OS: `OS ${n % 9}.${n % 5}`, IMEI: `35${number}${number}` },
    remoteAddress: `192.0.${n % 250}.${n % 199}`,
  });
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const begin = performance.now();
    await work();
    times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)]!;
}
