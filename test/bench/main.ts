/**
 * What requests cost, at growing sizes: `npm run bench [-- dav|phones|memory] [-- 1000 10000 100000]`; without a word all. Wall
 * time is what the client waits, CPU is what the server's process spent (all threads). See docs/bench.md.
 */
import { availableParallelism, loadavg } from 'node:os';
import { benchDav } from './dav-main.ts';
import { benchPhones } from './eas-main.ts';
import { benchMemory } from './eas-memory.ts';

const BENCHES: Readonly<Record<string, (sizes: readonly number[]) => Promise<void>>> = {
  dav: benchDav,
  phones: benchPhones,
  memory: benchMemory,
};

const words = process.argv.slice(2);
const named = words.filter((word) => !/^\d+$/.test(word));
const unknown = named.find((word) => BENCHES[word] === undefined);
if (unknown !== undefined) throw new Error(`There is no bench ${unknown}, but ${Object.keys(BENCHES).join(', ')}.`);
const numbers = words.map(Number).filter(Boolean);
const sizes = numbers.length > 0 ? numbers : [1_000, 10_000, 100_000];
const load = () => loadavg()[0]!.toFixed(1);
for (const name of named.length > 0 ? named : Object.keys(BENCHES)) {
  const before = load();
  await BENCHES[name]!(sizes);
  // Figures of a busy machine are worse; whoever reads them should know.
  console.log(`\n${availableParallelism()} cores, load average ${before} before and ${load()} after`);
}
