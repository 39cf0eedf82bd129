import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { quantile } from './measure.ts';
import { digits, type Table } from './table.ts';

export interface OtherClient {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly path: string;
  /** What it does again and again: a check of the folder at `path`, or a PUT of an event into it. */
  readonly asks: 'ctag' | 'put';
}

const TITLES = { ctag: "another client's CTag check", put: "another user's PUT" } as const;

/**
 * How long another client waits for its small request while `load` runs: in a thread of its own, so that reading the big
 * answer does not delay its clock. What it waits is the delay of the server's event loop plus what the check costs.
 */
export async function benchLatency(
  table: Table,
  title: string,
  other: OtherClient,
  load: () => Promise<unknown>,
): Promise<void> {
  const worker = new Worker(new URL('./other-client.ts', import.meta.url), { workerData: other });
  await once(worker, 'message');
  await load();
  worker.postMessage('stop');
  const [walls] = (await once(worker, 'message')) as [number[]];
  const parts = [0.5, 0.99, 1].map((part) => digits(quantile(walls, part)));
  table.cell(`${TITLES[other.asks]} ${title}: p50 / p99 / max`, `${parts.join(' / ')} ms (${walls.length})`);
  await worker.terminate();
}
