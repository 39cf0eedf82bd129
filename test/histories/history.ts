import assert from 'node:assert/strict';
import { type Random, seededRandom } from '../support/random.ts';
import { Model } from './model.ts';
import { type Answer, Peer, type Replica } from './peer.ts';

/** What a history runs against: a served mailbox that can be restarted and pruned. */
export interface HistoryGateway {
  port(): number;
  /** Path of the calendar home, with a slash at its end. */
  readonly home: string;
  restart(): Promise<void>;
  /** Prunes the log up to a random fraction of the mailbox's stamps. */
  prune(fraction: number): Promise<void>;
  /** What the store holds, read past every protocol: name → bytes. Null: no such collection. */
  contents(collection: string): Promise<Map<string, string> | null>;
  close(): Promise<void>;
}

const NAMES = ['a.ics', 'b.ics', 'c.ics', 'd.ics', 'e f.ics', 'ü&g.ics'];

interface World {
  readonly gateway: HistoryGateway;
  readonly random: Random;
  readonly model: Model;
  readonly peers: readonly Peer[];
  /** version held by a peer, beside the ETag it was told: etag → the model's version at that time. */
  readonly versions: Map<string, object>;
  readonly backups: Map<Peer, Map<string, Replica>>;
  /** Clients whose tokens may rightly be refused: the log was pruned, or the collection made anew, since they got them. */
  readonly mayRefuse: Map<string, Set<Peer>>;
  serial: number;
}

/**
 * One random history: two clients write to two collections, sync, lose answers, come back from backups, while the server
 * restarts, prunes its log and loses and regains a collection. After every step the store must hold what the
 * meaning of the answered requests says, and after every complete sync the replica must equal the store.
 */
export async function runHistory(seed: number, open: () => Promise<HistoryGateway>): Promise<number> {
  const random = seededRandom(seed);
  const gateway = await open();
  const peers = [new Peer(gateway.port), new Peer(gateway.port)];
  const world: World = {
    gateway,
    random,
    model: new Model(),
    peers,
    versions: new Map(),
    backups: new Map(),
    mayRefuse: new Map(),
    serial: 0,
  };
  const steps = 50 + random.below(151);
  try {
    world.model.collections.set(main(world), new Map());
    for (let step = 0; step < steps; step++) {
      await oneStep(world);
      await checkStore(world);
    }
    for (const peer of peers) for (const path of [main(world), second(world)]) await syncToTheEnd(world, peer, path);
    return steps;
  } finally {
    for (const peer of peers) peer.close();
    await gateway.close();
  }
}

const main = (world: World) => `${world.gateway.home}Calendar/`;
const second = (world: World) => `${world.gateway.home}Second/`;

async function oneStep(world: World): Promise<void> {
  const { random } = world;
  const peer = random.pick(world.peers);
  const path = random.chance(0.7) ? main(world) : second(world);
  const roll = random.below(100);
  if (roll < 22) await put(world, peer, path, random.pick(NAMES));
  else if (roll < 32) await remove(world, peer, path, random.pick(NAMES));
  else if (roll < 42) await move(world, peer, path);
  else if (roll < 76) await sync(world, peer, path);
  else if (roll < 82) await race(world, path, random.pick(NAMES));
  else if (roll < 86) await world.gateway.restart();
  else if (roll < 91) await prune(world);
  else if (roll < 95) backUpOrRestore(world, peer);
  else await makeOrRemoveSecond(world, peer);
}

function path(collection: string, name: string): string {
  return collection + encodeURIComponent(name);
}

function eventOf(world: World, uid: string): string {
  const n = world.serial++;
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//histories//EN', 'BEGIN:VEVENT', `UID:${uid}`];
  lines.push('DTSTAMP:20260101T000000Z', `DTSTART:2026010${1 + (n % 9)}T090000Z`, `SUMMARY:edit ${n} <&> ü`);
  return `${[...lines, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n')}\r\n`;
}

/** An answer that never arrives: the server has done it, the client does not know. */
function isLost(world: World): boolean {
  return world.random.chance(0.12);
}

async function put(world: World, peer: Peer, collection: string, name: string): Promise<void> {
  const present = world.model.item(collection, name);
  const held = peer.replicas.get(collection)?.items.get(name);
  const again = present && world.random.chance(0.05) ? present : null;
  const uid = again?.uid ?? (present && world.random.chance(0.95) ? present.uid : `uid-${world.random.below(8)}`);
  const data = again?.data ?? eventOf(world, uid);
  const headers: Record<string, string> = { 'content-type': 'text/calendar; charset=utf-8' };
  const conditional = world.random.chance(0.8);
  if (conditional && held) headers['if-match'] = held.etag;
  else if (conditional) headers['if-none-match'] = '*';
  const answer = await peer.request('PUT', path(collection, name), headers, data);
  const allowed = !conditional || (held ? present && world.versions.get(held.etag) === present.version : !present);
  const expected = expectedPut(world, collection, name, uid, allowed === true);
  assert.ok(expected.includes(answer.status), `PUT ${name}: ${answer.status}, expected ${expected}: ${answer.body}`);
  if (answer.status >= 300) return;
  world.model.put(collection, name, uid, data);
  const etag = remember(world, collection, name, answer);
  if (!isLost(world) && peer.replicas.has(collection)) peer.replica(collection).items.set(name, { etag, data });
}

function expectedPut(world: World, collection: string, name: string, uid: string, allowed: boolean): number[] {
  if (!world.model.collections.has(collection)) return [404, 409];
  if (!allowed) return [412];
  const present = world.model.item(collection, name);
  const taken = world.model.uidTakenBy(collection, uid);
  if ((present && present.uid !== uid) || (taken !== undefined && taken !== name)) return [403, 409];
  return present ? [204] : [201];
}

function remember(world: World, collection: string, name: string, answer: Answer): string {
  const etag = answer.headers.etag;
  assert.ok(etag, `no ETag in the answer for ${name}`);
  const version = world.model.item(collection, name)!.version;
  const known = world.versions.get(etag);
  assert.ok(known === undefined || known === version, `ETag ${etag} was given for two revisions`);
  world.versions.set(etag, version);
  return etag;
}

async function remove(world: World, peer: Peer, collection: string, name: string): Promise<void> {
  const present = world.model.item(collection, name);
  const held = peer.replicas.get(collection)?.items.get(name);
  const headers: Record<string, string> = held && world.random.chance(0.8) ? { 'if-match': held.etag } : {};
  const answer = await peer.request('DELETE', path(collection, name), headers);
  const matches = !headers['if-match'] || (present && world.versions.get(held!.etag) === present.version);
  const expected = !present ? [404, ...(headers['if-match'] ? [412] : [])] : matches ? [204] : [412];
  assert.ok(expected.includes(answer.status), `DELETE ${name}: ${answer.status}, expected ${expected}`);
  if (answer.status !== 204) return;
  world.model.items(collection).delete(name);
  if (!isLost(world)) peer.replicas.get(collection)?.items.delete(name);
}

async function move(world: World, peer: Peer, from: string): Promise<void> {
  const { random, model } = world;
  const to = random.chance(0.6) ? from : from === main(world) ? second(world) : main(world);
  const [name, newName] = [random.pick(NAMES), random.pick(NAMES)];
  const copy = random.chance(0.2);
  const overwrite = random.chance(0.5);
  const headers = {
    destination: `http://127.0.0.1:${world.gateway.port()}${path(to, newName)}`,
    overwrite: overwrite ? 'T' : 'F',
  };
  const answer = await peer.request(copy ? 'COPY' : 'MOVE', path(from, name), headers);
  const source = model.item(from, name);
  const target = model.item(to, newName);
  const expected = expectedMove(world, { from, to, name, newName, copy, overwrite });
  assert.ok(expected.includes(answer.status), `${copy ? 'COPY' : 'MOVE'}: ${answer.status}, expected ${expected}`);
  if (answer.status >= 300 || !source) return;
  assert.equal(answer.status, target ? 204 : 201);
  if (!copy) model.items(from).delete(name);
  // A moved item keeps its bytes and its ETag; a copy is an item of its own.
  model.items(to).set(newName, copy ? { ...source, version: {} } : source);
}

interface MoveStep {
  readonly from: string;
  readonly to: string;
  readonly name: string;
  readonly newName: string;
  readonly copy: boolean;
  readonly overwrite: boolean;
}

function expectedMove(world: World, step: MoveStep): number[] {
  const { model } = world;
  const { from, to, name, newName, copy, overwrite } = step;
  const source = model.item(from, name);
  if (!source) return [404, 409];
  if (!model.collections.has(to)) return [409];
  if (from === to && name === newName) return [403];
  const target = model.item(to, newName);
  if (target && !overwrite) return [412];
  const clash = [...model.items(to)].some(
    ([other, item]) => item.uid === source.uid && other !== newName && !(!copy && from === to && other === name),
  );
  const keepsUid = !target || target.uid === source.uid;
  return clash || !keepsUid ? [403, 409] : target ? [204] : [201];
}

async function sync(world: World, peer: Peer, collection: string): Promise<void> {
  const { random } = world;
  const limit = random.chance(0.5) ? 0 : 1 + random.below(4);
  const pages = random.chance(0.3) ? 1 : 100;
  const outcome = await peer.sync(collection, limit, pages, random.chance(0.5));
  if (outcome.kind === 'gone') assert.ok(!world.model.collections.has(collection), 'sync said the collection is gone');
  if (outcome.kind === 'token-refused') {
    const isExcused = world.mayRefuse.get(collection)?.has(peer);
    assert.ok(isExcused, 'a token was refused without prune or new collection');
    await syncToTheEnd(world, peer, collection);
  }
  world.mayRefuse.get(collection)?.delete(peer);
  if (outcome.kind === 'complete') checkReplica(world, peer, collection);
  if (outcome.kind === 'partial') learnVersions(world, peer, collection);
}

/** ETags just received name the present revisions. */
function learnVersions(world: World, peer: Peer, collection: string): void {
  for (const [name, { etag }] of peer.replica(collection).items) {
    const present = world.model.item(collection, name);
    if (present && !world.versions.has(etag)) world.versions.set(etag, present.version);
  }
}

async function syncToTheEnd(world: World, peer: Peer, collection: string): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    const outcome = await peer.sync(collection, 0, 1000, true);
    if (outcome.kind === 'gone') return assert.ok(!world.model.collections.has(collection));
    if (outcome.kind === 'complete') return checkReplica(world, peer, collection);
  }
  assert.fail('sync did not come to an end');
}

/** After a complete sync the client holds exactly what is there, at its revision. */
function checkReplica(world: World, peer: Peer, collection: string): void {
  const held = peer.replica(collection).items;
  const truth = world.model.items(collection);
  assert.deepEqual([...held.keys()].sort(), [...truth.keys()].sort(), `names after a sync of ${collection}`);
  for (const [name, item] of truth) {
    const { etag, data } = held.get(name)!;
    assert.equal(data, item.data, `bytes of ${name} after a sync`);
    const version = world.versions.get(etag);
    assert.ok(version === undefined || version === item.version, `ETag of ${name} is of another revision`);
    world.versions.set(etag, item.version);
  }
}

/** Both clients change the same item at the same moment from the same revision: exactly one may win. */
async function race(world: World, collection: string, name: string): Promise<void> {
  const present = world.model.item(collection, name);
  if (!present) return;
  const [a, b] = world.peers as [Peer, Peer];
  const before = await a.request('GET', path(collection, name));
  assert.equal(before.body, present.data);
  const headers = { 'content-type': 'text/calendar', 'if-match': before.headers.etag! };
  const edits = [eventOf(world, present.uid), eventOf(world, present.uid)] as const;
  const answers = await Promise.all([
    a.request('PUT', path(collection, name), headers, edits[0]),
    b.request('PUT', path(collection, name), headers, edits[1]),
  ]);
  const statuses = answers.map((answer) => answer.status);
  assert.deepEqual([...statuses].sort(), [204, 412], 'of two edits of one revision exactly one wins');
  const winner = statuses.indexOf(204);
  world.model.put(collection, name, present.uid, edits[winner]!);
  remember(world, collection, name, answers[winner]!);
}

async function prune(world: World): Promise<void> {
  await world.gateway.prune(world.random.below(101) / 100);
  excuse(world, main(world));
  excuse(world, second(world));
}

function excuse(world: World, collection: string, peers: readonly Peer[] = world.peers): void {
  world.mayRefuse.set(collection, new Set([...(world.mayRefuse.get(collection) ?? []), ...peers]));
}

/** A client that is set back to an older state, token and items together, must catch up all the same. */
function backUpOrRestore(world: World, peer: Peer): void {
  const backup = world.backups.get(peer);
  if (backup && world.random.chance(0.6)) {
    peer.replicas.clear();
    for (const [collection, replica] of backup) {
      peer.replicas.set(collection, cloneReplica(replica));
      excuse(world, collection, [peer]);
    }
    return;
  }
  const copy = new Map([...peer.replicas].map(([collection, replica]) => [collection, cloneReplica(replica)]));
  world.backups.set(peer, copy);
}

function cloneReplica(replica: Replica): Replica {
  return { ...replica, items: new Map(replica.items) };
}

async function makeOrRemoveSecond(world: World, peer: Peer): Promise<void> {
  const collection = second(world);
  const exists = world.model.collections.has(collection);
  if (exists && world.random.chance(0.3)) {
    const answer = await peer.request('DELETE', collection);
    assert.equal(answer.status, 204);
    world.model.collections.delete(collection);
    excuse(world, collection);
    return;
  }
  const answer = await peer.request('MKCALENDAR', collection);
  const expected = exists ? [403, 405] : [201];
  assert.ok(expected.includes(answer.status), `MKCALENDAR: ${answer.status}: ${answer.body}`);
  if (!exists) world.model.collections.set(collection, new Map());
}

async function checkStore(world: World): Promise<void> {
  for (const collection of [main(world), second(world)]) {
    const stored = await world.gateway.contents(collection);
    const truth = world.model.collections.get(collection);
    assert.equal(stored === null, truth === undefined, `${collection} exists`);
    if (!stored || !truth) continue;
    assert.deepEqual([...stored.keys()].sort(), [...truth.keys()].sort(), `names in ${collection}`);
    for (const [name, item] of truth) assert.equal(stored.get(name), item.data, `bytes of ${name} in ${collection}`);
  }
}
