/**
 * The long forms of what `npm test` runs a share of: `npm run test:long [-- WORD…]` runs the jobs whose name contains a word,
 * two at a time. Ends with 'N passed, M failed' and exit code 1 when one failed.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { FUZZ_TARGETS } from '../fuzz/targets.ts';

interface Job {
  readonly name: string;
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
}

const HISTORIES = 10_000;
/** At 150 to 350 a second and core: an hour or two of one core, half of that when two run at a time. */
const SYNC_HISTORIES = 1_000_000;
const KILLS = 200;
const INPUTS = 1_000_000;

/** The same count in several processes, each with seeds of its own. */
function parts(count: number, of: number, job: (part: number, count: number) => Job): Job[] {
  return Array.from({ length: of }, (_, part) => job(part, count / of));
}

const JOBS: readonly Job[] = [
  ...parts(HISTORIES, 4, (part, count) => ({
    name: `histories, seeds ${part * count + 1} to ${(part + 1) * count}`,
    file: 'test/histories/dav-histories.test.ts',
    environment: { TEST_HISTORIES: String(count), TEST_SEED: String(part * count + 1) },
  })),
  ...parts(SYNC_HISTORIES, 20, (part, count) => ({
    name: `sync histories, seeds ${part * count + 1} to ${(part + 1) * count}`,
    file: 'test/sync/histories/play-long.ts',
    environment: { TEST_SYNC_HISTORIES: String(count), TEST_SEED: String(part * count + 1) },
  })),
  ...FUZZ_TARGETS.flatMap(({ name: target }) =>
    parts(INPUTS, target === 'icalendar' ? 4 : 1, (part, count) => ({
      name: `fuzz ${target}, ${count} inputs, seed ${part + 1}`,
      file: 'test/fuzz/fuzz.test.ts',
      environment: {
        TEST_FUZZ: String(count),
        TEST_FUZZ_SEED: String(part + 1),
        TEST_FUZZ_TARGET: target,
      },
    })),
  ),
  {
    name: `${KILLS} kills of the store`,
    file: 'test/store/kill.test.ts',
    environment: { TEST_KILLS: String(KILLS) },
  },
  {
    name: `${KILLS / 2} kills of the gateway`,
    file: 'test/server/kill-gateway.test.ts',
    environment: { TEST_KILLS: String(KILLS / 2) },
  },
  {
    name: `${KILLS / 2} kills of the gateway under phones`,
    file: 'test/server/kill-phones.test.ts',
    environment: { TEST_KILLS: String(KILLS / 2) },
  },
];

const words = process.argv.slice(2);
const waiting = JOBS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
const totals = { passed: 0, failed: 0 };
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker));
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);

async function worker(): Promise<void> {
  for (let job = waiting.shift(); job; job = waiting.shift()) {
    const start = performance.now();
    console.log(`… ${job.name}`);
    const { code, output } = await run(job);
    totals[code === 0 ? 'passed' : 'failed']++;
    const seconds = Math.round((performance.now() - start) / 1000);
    console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${job.name} (${seconds} s)`);
    if (code !== 0) console.log(output);
  }
}

function run(job: Job): Promise<{ code: number | null; output: string }> {
  const { promise, resolve } = Promise.withResolvers<{ code: number | null; output: string }>();
  const child = spawn(process.execPath, [...(job.file.endsWith('.test.ts') ? ['--test'] : []), job.file], {
    env: { ...process.env, ...job.environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  child.on('close', (code) => resolve({ code, output }));
  return promise;
}
