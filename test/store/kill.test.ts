import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteStores } from '../../src/store/sqlite/open.ts';
import type { StepPoint } from '../../src/store/sqlite/steps.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { type Random, seededRandom, seedOf } from '../support/random.ts';
import { applied, type Line, type Operation, type Picture, WORKERS, workerOf } from './kill-history.ts';
import { readPicture } from './kill-picture.ts';

const KILLS = Number(process.env.TEST_KILLS ?? 20);
const POINTS: readonly StepPoint[] = [
  'begin',
  'stamped',
  'item-written',
  'content-written',
  'log-written',
  'before-commit',
  'after-commit',
  'before-publish',
];

/** What the parent knows of one worker: what it was told is written, and what was under way. */
interface WorkerView {
  sure: Picture;
  pending: Operation | null;
}

const seed = seedOf(770);

test(`a store killed ${KILLS} times at any moment keeps all it acknowledged and no half write (seed ${seed})`, async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'causeway-kill-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const path = join(dir, 'store.db');
  const random = seededRandom(seed);
  const views = Array.from({ length: WORKERS }, (): WorkerView => ({ sure: new Map(), pending: null }));
  let acknowledged = 0;
  let head = 0;
  for (let round = 0; round < KILLS; round += 1) {
    const point = round % 2 === 0 ? null : POINTS[((round - 1) / 2) % POINTS.length]!;
    const lines = await runChild(path, seed * 1000 + round, point, random);
    for (const line of lines) {
      if (line.kind === 'done') {
        acknowledged += 1;
        head = Math.max(head, line.head);
      }
      follow(views, line);
    }
    const label = `seed ${seed}, round ${round}, killed at ${point ?? 'a random moment'}`;
    head = await checkStore(path, views, head, label);
  }
  assert.ok(acknowledged >= KILLS, `only ${acknowledged} writes were acknowledged`);
  t.diagnostic(`${acknowledged} acknowledged writes over ${KILLS} kills`);
});

/** Runs a child until it is dead, and gives what it said. */
async function runChild(path: string, seed: number, point: StepPoint | null, random: Random): Promise<Line[]> {
  const script = join(import.meta.dirname, 'kill-child.ts');
  const where = point === null ? [] : [point, String(1 + random.below(60))];
  const child = spawn(process.execPath, [script, path, String(seed), ...where], { stdio: ['ignore', 'pipe', 'pipe'] });
  const wanted = point === null ? random.below(120) : Number.POSITIVE_INFINITY;
  const delay = random.below(4);
  let [output, errors, seen] = ['', '', 0];
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    output += part;
    seen += part.split('\n').length - 1;
    if (seen > wanted) setTimeout(() => child.kill('SIGKILL'), delay);
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    errors += part;
  });
  const [code, signal] = await once(child, 'close');
  assert.equal(signal, 'SIGKILL', `the child ended by itself (${code}): ${errors}`);
  const complete = output.slice(0, output.lastIndexOf('\n') + 1);
  return complete
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

function follow(views: readonly WorkerView[], line: Line): void {
  if (line.kind === 'try') {
    views[line.operation.worker]!.pending = line.operation;
    return;
  }
  const view = views[line.worker]!;
  assert.ok(view.pending !== null);
  assert.equal(line.kind === 'refused', view.pending.fails);
  if (line.kind === 'done') view.sure = applied(view.sure, view.pending);
  view.pending = null;
}

/** Opens what the killed process left: it must be sound, hold all that is sure, and pending writes whole or not at all. */
async function checkStore(path: string, views: readonly WorkerView[], head: number, label: string): Promise<number> {
  const random = (length: number) => new Uint8Array(length);
  const stores = openSqliteStores({ path, clock: fakeClock(), random, publish: () => undefined });
  try {
    assert.deepEqual(await stores.mailboxes.verify(), [], label);
    const read = stores.mailboxes.read(1);
    const picture = await readPicture(read);
    for (const [worker, view] of views.entries()) {
      const there = sorted(new Map([...picture].filter(([key]) => workerOf(key) === worker)));
      const outcomes = [view.sure];
      if (view.pending !== null && !view.pending.fails) outcomes.push(applied(view.sure, view.pending));
      const match = outcomes.find((outcome) => JSON.stringify(sorted(outcome)) === JSON.stringify(there));
      if (match === undefined) assert.deepEqual(there, sorted(view.sure), `${label}, worker ${worker}`);
      view.sure = match ?? view.sure;
      view.pending = null;
    }
    for (const folder of await read.folders()) {
      const feed = await read.changes(folder.id, 0, 1000, false);
      const listed = await read.list(folder.id, { limit: 500, withContent: false });
      assert.equal(feed.entries.length, listed.items.length, label);
    }
    const known = await read.mailbox().catch(() => null);
    assert.ok((known?.head ?? 0) >= head, `${label}: the counter went back below an acknowledged stamp`);
    return known?.head ?? 0;
  } finally {
    await stores.close();
  }
}

function sorted(picture: Picture): [string, string][] {
  return [...picture].sort(([a], [b]) => (a < b ? -1 : 1));
}
