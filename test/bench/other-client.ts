/** A thread that is another program at the same server: it checks the CTag again and again and notes how long each takes. */
import { parentPort, workerData } from 'node:worker_threads';
import { DavClient } from './dav-client.ts';

const { url, user, password, path } = workerData as { url: string; user: string; password: string; path: string };
const client = new DavClient(url, user, password);
const walls: number[] = [];
let isOver = false;
parentPort!.once('message', () => {
  isOver = true;
});
await client.ctag(path);
parentPort!.postMessage('ready');
while (!isOver) {
  const start = performance.now();
  await client.ctag(path);
  walls.push(performance.now() - start);
}
client.close();
parentPort!.postMessage(walls);
