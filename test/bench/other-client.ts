/** A thread that is another program at the same server: it asks the same again and again and notes how long each takes. */
import { parentPort, workerData } from 'node:worker_threads';
import { DavClient } from './dav-client.ts';
import { eventText } from './events.ts';
import type { OtherClient } from './latency.ts';

const { url, user, password, path, asks } = workerData as OtherClient;
const client = new DavClient(url, user, password);
const walls: number[] = [];
let isOver = false;
let puts = 0;
parentPort!.once('message', () => {
  isOver = true;
});
// One event is written again and again, so that its calendar does not grow.
const ask = () =>
  asks === 'ctag' ? client.ctag(path) : client.put(`${path}other.ics`, eventText('other', `put ${puts++}`));
await ask();
parentPort!.postMessage('ready');
while (!isOver) {
  const start = performance.now();
  await ask();
  walls.push(performance.now() - start);
}
client.close();
parentPort!.postMessage(walls);
