/**
 * Plays histories outside the test runner, which follows every promise and so takes half of the time:
 * `TEST_SEED=1 TEST_SYNC_HISTORIES=50000 node test/sync/histories/play-long.ts`. Exit code 1 at the first that fails.
 */
import { playHistories } from './play.ts';

const count = Number(process.env.TEST_SYNC_HISTORIES);
const firstSeed = Number(process.env.TEST_SEED);
console.log(JSON.stringify(await playHistories(firstSeed, count)));
