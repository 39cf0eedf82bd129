import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandName } from '../../../../protocols/activesync/query/commands.ts';
import { isElement, type WbxElement } from '../../../../protocols/activesync/wbxml/element.ts';
import { textOf } from '../../../../protocols/activesync/wbxml/read-element.ts';
import type { PhoneAnswer, PhoneRequest } from '../../../support/eas/phone.ts';
import type { EasServerOptions } from '../support.ts';
import { differences, type Scene, VERSIONS, type Version, withScene } from './scene.ts';

/** One request: XML with the names of `Scene.fill`; or bytes, or nothing. */
export type Ask =
  | string
  | {
      readonly body: string | Uint8Array | null;
      readonly request?: PhoneRequest;
      readonly command?: CommandName;
    };

/** A status that a request reaches. */
export interface Reached {
  readonly value: number;
  /** Where it stands: names from the root down, without Status itself. */
  readonly at: string;
  /** What is answered there, of a status that stands in requests. */
  readonly answer?: number;
  /** Requests by what is wrong with them. */
  readonly asks: Readonly<Record<string, Ask | ((scene: Scene) => Ask | Promise<Ask>)>>;
  /** Those that have it; none: all. */
  readonly versions?: readonly Version[];
  /** Said by HTTP in 12.1, with an empty body. */
  readonly httpIn12?: number;
  /** Said by HTTP in every version. */
  readonly http?: number;
  readonly options?: EasServerOptions;
  readonly prepare?: (scene: Scene) => Promise<void> | void;
  /** What happens while the request waits for its answer. */
  readonly during?: (scene: Scene) => Promise<void>;
  /** What is different in the store afterwards, as `differences` says it; none: nothing. With `?` before it what may be. */
  readonly changes?: readonly string[];
}

/** A status that cannot occur here: the reason, word by word as docs/protocols/activesync.md gives it. */
export interface Impossible {
  readonly value: number;
  readonly never: string;
}

/** A common status that stands in another table, where it is reached or has its reason. */
export interface Elsewhere {
  readonly value: number;
  readonly seeIn: string;
}

export type Row = Reached | Impossible | Elsewhere;

/** The statuses of one element of a command's documents; `name` as `Search` or `Search/Store`. */
export interface StatusTable {
  readonly name: string;
  readonly command: CommandName;
  readonly rows: readonly Row[];
}

export function isReached(row: Row): row is Reached {
  return 'asks' in row;
}

/** Declares a test for each row and version. */
export function testRows({ name, command, rows }: StatusTable): void {
  for (const row of rows.filter(isReached)) {
    for (const version of row.versions ?? VERSIONS) {
      const what = row.changes === undefined ? 'nothing changes' : `it changes ${row.changes.join(', ')}`;
      const title = `${name} ${row.value} at ${row.at} in ${version}, ${what}: ${Object.keys(row.asks).join('; ')}`;
      test(title, () => withScene(version, row.options ?? {}, (scene) => reach(scene, command, row)));
    }
  }
}

async function reach(scene: Scene, command: CommandName, row: Reached): Promise<void> {
  await row.prepare?.(scene);
  for (const [title, asked] of Object.entries(row.asks)) {
    const ask = typeof asked === 'function' ? await asked(scene) : asked;
    const { body, request, command: other = command } = typeof ask === 'string' ? { body: ask } : { ...ask };
    const before = await scene.state();
    const filled = typeof body === 'string' ? scene.fill(body) : body;
    const answering = scene.phone.post(other, filled, request ?? {});
    await row.during?.(scene);
    const answer = await answering;
    checkStatus(title, scene.version, row, answer);
    checkChanges(title, row.changes ?? [], differences(before, await scene.state()));
  }
}

function checkChanges(title: string, expected: readonly string[], found: readonly string[]): void {
  assert.deepEqual(
    found.filter((change) => !expected.includes(`?${change}`)),
    expected.filter((change) => !change.startsWith('?')).sort(),
    title,
  );
}

function checkStatus(
  title: string,
  version: Version,
  { value, at, answer: said = value, http, httpIn12 }: Reached,
  answer: PhoneAnswer,
): void {
  const httpStatus = http ?? (version === '12.1' ? httpIn12 : undefined);
  if (httpStatus !== undefined) {
    assert.deepEqual([answer.status, answer.body.length], [httpStatus, 0], title);
    return;
  }
  assert.equal(answer.status, 200, title);
  const found = answer.root === null ? [] : statusesAt(answer.root, at.split('/'));
  assert.deepEqual([...new Set(found)], [said], `${title}: ${answer.xml}`);
}

/** The statuses of all elements on this path. */
function statusesAt(root: WbxElement, [first, ...below]: readonly string[]): number[] {
  if (localName(root) !== first) return [];
  let level: WbxElement[] = [root];
  for (const name of [...below, 'Status']) {
    level = level.flatMap(({ children }) => children.filter(isElement).filter((child) => localName(child) === name));
  }
  return level.map((element) => Number(textOf(element)));
}

function localName({ name }: WbxElement): string {
  return name.slice(name.indexOf(':') + 1);
}
