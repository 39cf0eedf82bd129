import { eventText } from './events.ts';
import { cpuMillis, measure } from './measure.ts';
import { type Bench, COLLECTION } from './read-operations.ts';

const ROUNDS = 20;
const AT_A_TIME = 10;

export async function benchWrites({ table, client, pid, size }: Bench): Promise<void> {
  let n = 0;
  const put = () => client.put(`${COLLECTION}put-${size}-${n}.ics`, eventText(`put-${size}-${n++}`, 'put'));
  table.measured('PUT, one after another', await measure(pid, 200, put), null);
  const start = performance.now();
  const before = cpuMillis(pid);
  for (let round = 0; round < ROUNDS; round++) await Promise.all(Array.from({ length: AT_A_TIME }, put));
  const puts = ROUNDS * AT_A_TIME;
  const each = { wall: (performance.now() - start) / puts, cpu: (cpuMillis(pid) - before) / puts };
  table.measured('PUT, ten at a time (each)', each, null);
}
