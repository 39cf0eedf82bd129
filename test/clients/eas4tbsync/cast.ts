import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { given, Steps } from '../steps.ts';
import { AddOn, unpackedPackages } from './add-on.ts';
import { OtherSide } from './other-side.ts';

/** Who plays: Thunderbird with the add-on, and a DAV program on the same mailbox. */
export interface Cast {
  readonly steps: Steps;
  readonly client: AddOn;
  readonly dav: OtherSide;
}

export const USER = 'user01@example.com';

/** Plays with Thunderbird started, and ends it whatever happens. Where the packages are missing it says so and nothing else. */
export async function withCast(play: (cast: Cast) => Promise<void>): Promise<void> {
  const packages = unpackedPackages();
  if (packages === null)
    return skip('webext-tbsync and webext-eas4tbsync are not unpacked (EAS4TBSYNC names the folder)');
  if (spawnSync('thunderbird', ['--version']).error) return skip('Thunderbird is missing');
  const steps = new Steps();
  const client = await AddOn.start(packages);
  try {
    await play({ steps, client, dav: new OtherSide() });
  } finally {
    await client.stop();
  }
  steps.finish();
}

function skip(why: string): void {
  console.log(`skip  ${why}\n0 passed, 0 failed, 1 skipped`);
}

export function account(password = given('DAV_PASSWORD')): { user: string; password: string; host: string } {
  return { user: USER, password, host: new URL(given('ROOT_URL')).host };
}

/** Every text must hold each of these lines or words. */
export function holds(text: string, ...words: readonly string[]): void {
  for (const word of words) assert.ok(text.includes(word), `no ${word} in\n${text}`);
}

export function lacks(text: string, ...words: readonly string[]): void {
  for (const word of words) assert.ok(!text.includes(word), `${word} in\n${text}`);
}

/** The one text with this in it. */
export function only(texts: readonly string[], word: string): string {
  const found = texts.filter((text) => text.includes(word));
  assert.equal(found.length, 1, `${found.length} have ${word}:\n${found.join('\n')}`);
  return found[0]!;
}

/** Administers the gateway by its command line. */
export function causeway(...words: readonly string[]): string {
  const run = spawnSync(process.execPath, ['src/cli.ts', '--data', given('DATA'), ...words], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${words.join(' ')}: ${run.stderr}`);
  return run.stdout;
}
