import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hierarchyChanged } from '../../../../protocols/activesync/hierarchy/hierarchy-changed.ts';
import { shownFolders } from '../../../../protocols/activesync/hierarchy/shown-folders.ts';
import type { WbxElement } from '../../../../protocols/activesync/wbxml/element.ts';
import { childText } from '../../../../protocols/activesync/wbxml/read-element.ts';
import { isGatewayError } from '../../../../src/domain/errors.ts';
import type { Folder } from '../../../../src/domain/folder.ts';
import { createFolder, deleteFolder, updateFolder } from '../../../../src/items/folders.ts';
import { FolderTree, folderCreate, folderDelete, folderSync, folderUpdate } from '../../../support/eas/folder-tree.ts';
import { type Random, seededRandom, seedOf } from '../../../support/random.ts';
import { type EasServer, startEas } from '../support.ts';

const SEED = seedOf(7000);
const HISTORIES = 40;
const STEPS = 60;
const NAMES = ['A', 'B', 'C', 'D/e', 'Ümläut', 'Inbox'];
const TYPES = [1, 12, 12, 12, 13, 15];

/** One request of a device, and how it takes the answer. */
interface Sent {
  readonly command: string;
  readonly xml: string;
  readonly take: (root: WbxElement) => string;
  /** What the answer said that was lost. */
  lostStatus?: string;
}

/** A device of a history: it may lose answers, and then repeats its request or asks for something else under the old key. */
class Wanderer {
  readonly tree: FolderTree;
  readonly random: Random;
  /** The last request, when its answer was lost. */
  lost: Sent | null = null;
  /** A request that the network may deliver once more. */
  late: Sent | null = null;
  /** Whether an answer was lost that moved its key, and none has come since. */
  isBehind = false;
  readonly statuses = new Set<string>();

  constructor(tree: FolderTree, random: Random) {
    this.tree = tree;
    this.random = random;
  }

  async step(): Promise<void> {
    const { random, tree } = this;
    if (this.late !== null && random.chance(0.1)) {
      await tree.phone.command(this.late.command, this.late.xml);
      return;
    }
    if (random.chance(0.04)) return this.#beginAgain();
    const repeated = random.chance(0.6) ? this.lost : null;
    const sent = repeated ?? (random.chance(0.3) ? null : this.#command());
    if (sent === null) return this.#sync();
    if (random.chance(0.1)) {
      this.lost = sent;
      return;
    }
    const root = await tree.phone.command(sent.command, sent.xml);
    this.late = sent;
    if (random.chance(0.3)) {
      this.lost = sent;
      sent.lostStatus ??= statusOf(root);
      this.isBehind = true;
    } else {
      this.lost = null;
      const status = sent.take(root);
      if (sent.lostStatus === '1') assert.equal(status, '1', 'what was done stays done');
      this.#note(status);
    }
  }

  /** Key 0: meant so by the device, or a late copy of its first request, of which it knows nothing. */
  async #beginAgain(): Promise<void> {
    const { tree, random } = this;
    this.late = null;
    if (!this.isBehind && random.chance(0.5)) {
      await tree.phone.command('FolderSync', folderSync('0'));
      this.isBehind = true;
      return;
    }
    this.lost = null;
    tree.key = '0';
    this.#note(await tree.sync());
  }

  async #sync(): Promise<void> {
    this.late = null;
    if (this.random.chance(0.2)) {
      this.isBehind = true;
      await this.tree.phone.command('FolderSync', folderSync(this.tree.key));
      return;
    }
    this.lost = null;
    this.#note(await this.tree.sync());
  }

  #note(status: string): void {
    assert.notEqual(status, '9', 'a device that does as it should never loses its key');
    this.statuses.add(status);
    if (status === '1') this.isBehind = false;
  }

  #command(): Sent {
    const { random, tree } = this;
    const { key } = tree;
    const id = random.pick([...tree.folders.keys(), '99']);
    const name = random.pick(NAMES);
    const parentId = random.chance(0.4) ? '0' : random.pick([...tree.folders.keys()]);
    const type = random.pick(TYPES);
    switch (random.below(3)) {
      case 0:
        return {
          command: 'FolderCreate',
          xml: folderCreate(key, type, name, parentId),
          take: (root) => tree.takeCreated(root, type, name, parentId),
        };
      case 1:
        return {
          command: 'FolderUpdate',
          xml: folderUpdate(key, id, name, parentId),
          take: (root) => tree.takeUpdated(root, { id, name, parentId }),
        };
      default:
        return {
          command: 'FolderDelete',
          xml: folderDelete(key, id),
          take: (root) => tree.takeDeleted(root, id),
        };
    }
  }
}

function statusOf(root: WbxElement): string {
  return childText(root, 'FolderHierarchy:Status') ?? '';
}

/** What another client does: anything that the core allows. */
async function elsewhere({ environment: { items }, anna: principal }: EasServer, random: Random): Promise<void> {
  const folders = await items.store.read(principal.mailboxId).folders();
  const own = folders.filter(({ role }) => role === null);
  const folder = own.length > 0 ? random.pick(own) : null;
  const name = random.pick(['A', 'B', 'C', 'x']);
  const what = random.next();
  try {
    if (folder === null || what < 0.3) {
      const place = random.pick([
        { itemClass: 'mail', components: [] },
        { itemClass: 'calendar', components: ['VEVENT', 'VTODO'] },
        { itemClass: 'files', components: [] },
      ] as const);
      await createFolder(items, { principal, ...place, name, displayName: null, properties: {} });
    } else if (what < 0.5) {
      await deleteFolder(items, { principal, folder });
    } else {
      await updateFolder(items, { principal, folder, patch: patchOf(folder, folders, name, random) });
    }
  } catch (error) {
    if (!isGatewayError(error, 'name-taken') && !isGatewayError(error, 'protected')) throw error;
  }
}

function patchOf(folder: Folder, folders: readonly Folder[], name: string, random: Random) {
  if (folder.itemClass === 'calendar' && random.chance(0.3)) {
    return { components: random.chance(0.5) ? (['VEVENT'] as const) : (['VTODO', 'VJOURNAL'] as const) };
  }
  if (folder.itemClass !== 'mail' || random.chance(0.5)) return { displayName: random.chance(0.2) ? null : name };
  const parents = folders.filter(({ itemClass }) => itemClass === 'mail');
  return { parentId: random.chance(0.3) ? null : random.pick(parents).id };
}

async function checkIsEqual(server: EasServer, { tree, isBehind }: Wanderer): Promise<void> {
  const { environment, anna } = server;
  const deviceId = tree.phone.options.deviceId!.toLowerCase();
  const isChanged = () =>
    hierarchyChanged(environment, anna, { id: deviceId }, { version: tree.phone.options.version! });
  // A phone that lost an answer asks again until it has one, whatever it is told of changes.
  const wasQuiet = !isBehind && !(await isChanged());
  const before = new Map(tree.folders);
  assert.equal(await tree.sync(), '1');
  const folders = await environment.items.store.read(anna.mailboxId).folders();
  const shown = shownFolders(folders, { version: tree.phone.options.version! }, 'en');
  const expected = shown.map(({ id, parentId, name, type }) => [id, { parentId, name, type: String(type) }] as const);
  assert.deepEqual([...tree.folders].sort(), [...expected].sort());
  assert.equal(await isChanged(), false, 'after FolderSync nothing is left to tell');
  if (wasQuiet) assert.deepEqual(tree.folders, before, 'what was told to be unchanged is unchanged');
}

test(`every device ends with the hierarchy that is stored, over ${HISTORIES} histories (seed ${SEED})`, async () => {
  const seen = new Set<string>();
  for (let seed = SEED; seed < SEED + HISTORIES; seed += 1) {
    const random = seededRandom(seed);
    const server = await startEas();
    const phone = (deviceId: string, version: '12.1' | '14.1') => server.phone({ deviceId, version });
    const devices = [
      new Wanderer(new FolderTree(phone('D1', '14.1')), random),
      new Wanderer(new FolderTree(phone('D2', '12.1'), true), random),
    ];
    try {
      for (const { tree } of devices) await tree.sync();
      for (let step = 0; step < STEPS; step += 1) {
        if (random.chance(0.3)) await elsewhere(server, random);
        else await random.pick(devices).step();
      }
      for (const device of devices) {
        await checkIsEqual(server, device);
        for (const status of device.statuses) seen.add(status);
      }
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error });
    } finally {
      await server.close();
    }
  }
  assert.deepEqual([...seen].sort(), ['1', '2', '3', '4', '5'], 'every outcome was met');
});
