import { type Random, seededRandom } from '../support/random.ts';

/** One reader under attack. */
export interface FuzzTarget {
  readonly name: string;
  /** Inputs to start from. */
  seeds(): Uint8Array[];
  /** Tokens of the format, mixed into inputs. */
  readonly dictionary?: readonly string[];
  /** Throws only when a promise is broken: an error of the wrong kind, a round trip that loses something. */
  run(input: Uint8Array): void;
}

export interface FuzzOptions {
  readonly seed: number;
  readonly count: number;
}

/** One input that broke a promise, with all that is needed to see it again. */
export class FuzzFailure extends Error {
  constructor(target: string, why: string, options: FuzzOptions, index: number, input: Uint8Array, cause?: unknown) {
    const hex = Buffer.from(input).toString('hex');
    super(`${target}: ${why} (seed ${options.seed}, input ${index}, ${input.length} bytes)\n${hex}`, { cause });
    this.name = 'FuzzFailure';
  }
}

const MAX_BYTES = 64 * 1024;
const MAX_MILLISECONDS = 2_000;
/** The heap may grow by this much over all inputs of a target before it counts as a leak. */
const MAX_GROWTH_BYTES = 256 * 1024 * 1024;
const COMMON_TOKENS = [
  '\r\n',
  '\n',
  '\r',
  ' ',
  '\t',
  '"',
  '=',
  ';',
  ':',
  ',',
  '\\',
  '^',
  '\0',
  '\x80',
  '\xff',
  '\xef\xbb\xbf',
];

/**
 * Runs `count` mutated inputs; the same seed gives the same inputs.
 * @throws FuzzFailure for the first that breaks a promise, hangs (over 2 s) or leaves memory behind.
 */
export function fuzz(target: FuzzTarget, options: FuzzOptions): void {
  const random = seededRandom(options.seed);
  const seeds = target.seeds();
  const tokens = [...COMMON_TOKENS, ...(target.dictionary ?? [])].map((token) => Buffer.from(token, 'latin1'));
  const before = process.memoryUsage().heapUsed;
  let input: Uint8Array = new Uint8Array();
  for (let index = 0; index < options.count; index += 1) {
    // Building on the last input now and then reaches deeper than one round of changes.
    const base = index > 0 && random.chance(0.2) ? input : random.pick(seeds);
    input = mutate(base, seeds, tokens, random);
    const started = process.threadCpuUsage();
    try {
      target.run(input);
    } catch (error) {
      throw new FuzzFailure(target.name, String(error), options, index, input, error);
    }
    // What it costs, not what the machine's other work made it wait.
    const { user, system } = process.threadCpuUsage(started);
    const milliseconds = (user + system) / 1000;
    if (milliseconds > MAX_MILLISECONDS) {
      throw new FuzzFailure(target.name, `took ${Math.round(milliseconds)} ms`, options, index, input);
    }
  }
  // Garbage that was not yet collected must not look like a leak.
  globalThis.gc?.();
  const growth = process.memoryUsage().heapUsed - before;
  if (growth > MAX_GROWTH_BYTES) {
    throw new FuzzFailure(target.name, `left ${growth} bytes behind`, options, options.count, input);
  }
}

type Mutation = (input: Buffer, seeds: readonly Uint8Array[], tokens: readonly Buffer[], random: Random) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  flipBit,
  setByte,
  removeSlice,
  repeatSlice,
  insertToken,
  repeatToken,
  splice,
  swapLines,
];

/** One to eight changes; never more than 64 KiB. */
function mutate(base: Uint8Array, seeds: readonly Uint8Array[], tokens: readonly Buffer[], random: Random): Uint8Array {
  let input = Buffer.from(base);
  for (let changes = 1 + random.below(8); changes > 0; changes -= 1) {
    input = Buffer.from(random.pick(MUTATIONS)(input, seeds, tokens, random).subarray(0, MAX_BYTES));
  }
  return input;
}

function flipBit(input: Buffer, _seeds: readonly Uint8Array[], _tokens: readonly Buffer[], random: Random): Buffer {
  if (input.length === 0) return input;
  const at = random.below(input.length);
  input[at] = input[at]! ^ (1 << random.below(8));
  return input;
}

function setByte(input: Buffer, _seeds: readonly Uint8Array[], _tokens: readonly Buffer[], random: Random): Buffer {
  if (input.length > 0) input[random.below(input.length)] = random.below(256);
  return input;
}

function removeSlice(input: Buffer, _seeds: readonly Uint8Array[], _tokens: readonly Buffer[], random: Random): Buffer {
  const [from, to] = slice(input, random);
  return Buffer.concat([input.subarray(0, from), input.subarray(to)]);
}

function repeatSlice(input: Buffer, _seeds: readonly Uint8Array[], _tokens: readonly Buffer[], random: Random): Buffer {
  const [from, to] = slice(input, random);
  const copies = Array.from({ length: 1 + random.below(8) }, () => input.subarray(from, to));
  return Buffer.concat([input.subarray(0, to), ...copies, input.subarray(to)]);
}

function insertToken(input: Buffer, _seeds: readonly Uint8Array[], tokens: readonly Buffer[], random: Random): Buffer {
  const at = random.below(input.length + 1);
  return Buffer.concat([input.subarray(0, at), random.pick(tokens), input.subarray(at)]);
}

/** What is quadratic shows only in long runs of the same. */
function repeatToken(input: Buffer, _seeds: readonly Uint8Array[], tokens: readonly Buffer[], random: Random): Buffer {
  const at = random.below(input.length + 1);
  const run = random
    .pick(tokens)
    .toString('latin1')
    .repeat(1 + random.below(random.chance(0.05) ? 20_000 : 20));
  return Buffer.concat([input.subarray(0, at), Buffer.from(run, 'latin1'), input.subarray(at)]);
}

function splice(input: Buffer, seeds: readonly Uint8Array[], _tokens: readonly Buffer[], random: Random): Buffer {
  const other = Buffer.from(random.pick(seeds));
  const [from, to] = slice(other, random);
  const at = random.below(input.length + 1);
  return Buffer.concat([input.subarray(0, at), other.subarray(from, to), input.subarray(at)]);
}

function swapLines(input: Buffer, _seeds: readonly Uint8Array[], _tokens: readonly Buffer[], random: Random): Buffer {
  const lines = input.toString('latin1').split('\n');
  const a = random.below(lines.length);
  const b = random.below(lines.length);
  [lines[a], lines[b]] = [lines[b]!, lines[a]!];
  return Buffer.from(lines.join('\n'), 'latin1');
}

function slice(input: Buffer, random: Random): [number, number] {
  const from = random.below(input.length + 1);
  return [from, Math.min(input.length, from + random.below(200))];
}
