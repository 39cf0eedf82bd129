/**
 * What requests cost: `npm run bench [-- dav|phones|memory|parked|devices] [-- 1000 10000 100000]`; without a word calendar programs and
 * phones. Wall time is what the client waits, CPU is what the server's process spent (all threads). See docs/bench.md.
 */
import { availableParallelism, loadavg } from 'node:os';
import { benchDav } from './dav-main.ts';
import { benchDevices } from './devices-main.ts';
import { benchPhones } from './eas-main.ts';
import { benchMemory } from './eas-memory.ts';
import { benchParked } from './eas-parked.ts';

const SIZES = [1_000, 10_000, 100_000];
/** By word; each takes sizes, if any were given. */
const BENCHES: Readonly<Record<string, (sizes: readonly number[]) => Promise<void>>> = {
  dav: (sizes) => benchDav(sizes.length > 0 ? sizes : SIZES),
  phones: (sizes) => benchPhones(sizes.length > 0 ? sizes : SIZES),
  memory: benchMemory,
  parked: benchParked,
  devices: benchDevices,
};

const words = process.argv.slice(2);
const named = words.filter((word) => !/^\d+$/.test(word));
const unknown = named.find((word) => BENCHES[word] === undefined);
if (unknown !== undefined) throw new Error(`There is no bench ${unknown}, but ${Object.keys(BENCHES).join(', ')}.`);
const sizes = words.map(Number).filter(Boolean);
const load = () => loadavg()[0]!.toFixed(1);
for (const name of named.length > 0 ? named : ['dav', 'phones']) {
  const before = load();
  await BENCHES[name]!(sizes);
  // Figures of a busy machine are worse; whoever reads them should know.
  console.log(`\n${availableParallelism()} cores, load average ${before} before and ${load()} after`);
}
