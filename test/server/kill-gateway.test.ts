import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Random, seededRandom, seedOf } from '../support/random.ts';
import { checkFolder, firstUser, npmStart, ROOT } from './support/npm-start.ts';
import { temporaryFolder } from './support/start.ts';

const KILLS = Number(process.env.TEST_KILLS ?? 3);
const CLIENTS = 6;
const seed = seedOf(20_26);

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: { start: string } };
/** npm hands signals to its shell, which only passes them on where the server has taken its place. */
const isExec = scripts.start.startsWith('exec ');

/** What a client knows of one name: null is gone, 'unknown' a request without an answer, with what it would have left. */
interface Known {
  sure: string | null;
  maybe: { readonly content: string | null } | null;
}

class Client {
  readonly known = new Map<string, Known>();
  readonly #home: string;
  readonly #authorization: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #random: Random;
  readonly #number: number;
  acknowledged = 0;

  constructor(number: number, home: string, authorization: string, random: Random) {
    this.#number = number;
    this.#home = home;
    this.#authorization = authorization;
    this.#random = random;
  }

  /** Puts and deletes until the connection breaks. */
  async work(url: string): Promise<void> {
    for (;;) {
      const name = `client-${this.#number}-${this.#random.below(20)}.ics`;
      const known = this.known.get(name) ?? { sure: null, maybe: null };
      this.known.set(name, known);
      const isDelete = known.sure !== null && this.#random.chance(0.2);
      const content = isDelete ? null : event(name, this.#random.next());
      known.maybe = { content };
      const method = content === null ? 'DELETE' : 'PUT';
      const answer = await this.send(url, method, name, content).catch(() => null);
      if (answer === null) return;
      assert.ok(answer.status < 300, `${method} ${name}: ${answer.status} ${answer.text}`);
      this.acknowledged += 1;
      known.sure = content;
      known.maybe = null;
    }
  }

  /** Every name holds what was acknowledged last, or what was under way when the server died; never a part. */
  async check(url: string, label: string): Promise<void> {
    for (const [name, known] of this.known) {
      const { status, text } = await this.send(url, 'GET', name, null);
      const found = status === 404 ? null : text;
      const isUnderWay = known.maybe !== null && found === known.maybe.content;
      assert.ok(found === known.sure || isUnderWay, `${label}: ${name} holds ${status} ${text}`);
      this.known.set(name, { sure: found, maybe: null });
    }
  }

  send(url: string, method: string, name: string, body: string | null): Promise<{ status: number; text: string }> {
    const headers = {
      authorization: this.#authorization,
      ...(body === null ? {} : { 'content-type': 'text/calendar' }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(`${url}${this.#home}${name}`, { method, headers, agent: this.#agent }, (answer) => {
        let text = '';
        answer.on('data', (chunk) => {
          text += chunk;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body ?? undefined);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function event(name: string, fraction: number): string {
  const lines = ['BEGIN:VEVENT', `UID:${name}`, 'DTSTAMP:20260101T000000Z', 'DTSTART:20260601T100000Z'];
  const filler = 'x'.repeat(Math.floor(fraction * 40_000));
  const all = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:test', ...lines, `SUMMARY:${fraction} ${filler}`];
  return [...all, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');
}

test(`npm start killed ${KILLS} times under writes keeps all it acknowledged (seed ${seed})`, async (t) => {
  const data = join(temporaryFolder(t), 'data');
  const random = seededRandom(seed);
  let gateway = await npmStart(data);
  t.after(() => gateway.kill());
  const { local, domain, password } = firstUser(gateway);
  const authorization = `Basic ${Buffer.from(`${local}@${domain}:${password}`).toString('base64')}`;
  const home = `/calendars/${domain}/${local}/Calendar/`;
  const clients = Array.from({ length: CLIENTS }, (_, number) => new Client(number, home, authorization, random));
  for (let round = 0; round < KILLS; round += 1) {
    const working = clients.map((client) => client.work(gateway.url));
    // Not a time to be met: only when in the writes the lightning strikes.
    await new Promise((resolve) => setTimeout(resolve, 100 + random.below(900)));
    await gateway.kill();
    await Promise.all(working);
    checkFolder(data);
    gateway = await npmStart(data);
    const label = `seed ${seed}, round ${round}`;
    await Promise.all(clients.map((client) => client.check(gateway.url, label)));
  }
  for (const client of clients) client.close();
  const acknowledged = clients.reduce((sum, client) => sum + client.acknowledged, 0);
  assert.ok(acknowledged >= KILLS, `only ${acknowledged} writes were acknowledged`);
  t.diagnostic(`${acknowledged} acknowledged writes over ${KILLS} kills`);
});

test('SIGTERM to npm start ends the server behind it, and the exit code is 0', {
  skip: isExec ? false : 'the start script of package.json does not exec node',
}, async (t) => {
  const gateway = await npmStart(join(temporaryFolder(t), 'data'));
  t.after(() => gateway.kill());
  const exited = once(gateway.npm, 'exit');
  gateway.npm.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
  await assert.rejects(fetch(`${gateway.url}/healthz`));
});
