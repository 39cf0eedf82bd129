import type { DavClient } from './dav-client.ts';
import { eventText } from './events.ts';
import { measure } from './measure.ts';
import type { Table } from './table.ts';

export const COLLECTION = '/calendars/example.com/bench/Calendar/';
export const WEEK = ['20260601T000000Z', '20260608T000000Z'] as const;

/** In the summary of one event, whatever the size. */
export const SEARCHED = 'number 777 ';

/** What the operations of one size work with. */
export interface Bench {
  readonly table: Table;
  readonly client: DavClient;
  /** Of the server. */
  readonly pid: number;
  readonly size: number;
}

/** Every request that reads; full reports must name every event. */
export async function readOperations({ table, client, pid, size }: Bench): Promise<void> {
  const fullRuns = size >= 100_000 ? 5 : 15;
  const full = async (title: string, request: () => Promise<Buffer>, members: number): Promise<void> => {
    table.measured(title, await measure(pid, fullRuns, request, expectCount('<D:response>', members)), size);
  };
  const small = async (title: string, request: () => Promise<Buffer>, members: number): Promise<void> => {
    table.measured(title, await measure(pid, 300, request, expectCount('<D:response>', members)), null);
  };
  await full('PROPFIND depth 1, getetag', () => client.propfind(COLLECTION), size + 1);
  await full('PROPFIND depth 1, as Apple asks', () => client.propfind(COLLECTION, 'Apple'), size + 1);
  await full('PROPFIND depth 1, as DAVx5 asks', () => client.propfind(COLLECTION, 'DAVx5'), size + 1);
  await full('calendar-query, all data', () => client.query(COLLECTION, null), size);
  const week = countIn(await client.query(COLLECTION, WEEK), '<D:response>');
  table.cell('events of the 7 days', `${week}`);
  table.measured('calendar-query, 7 days', await measure(pid, 30, () => client.query(COLLECTION, WEEK)), week);
  await full('calendar-query, text in SUMMARY', () => client.search(COLLECTION, SEARCHED), 1);
  const whole = expectCount('BEGIN:VEVENT', size);
  table.measured('GET of the calendar', await measure(pid, fullRuns, () => client.export(COLLECTION), whole), size);
  await full('sync-collection, initial', () => client.sync(COLLECTION, ''), size);
  const token = await client.syncToken(COLLECTION);
  await small('sync-collection, no change', () => client.sync(COLLECTION, token), 0);
  await client.put(`${COLLECTION}changed.ics`, eventText('changed', 'one change'));
  await small('sync-collection, one change', () => client.sync(COLLECTION, token), 1);
  const names = Array.from({ length: 100 }, (_, n) => `${COLLECTION}bench-${Math.floor((n * size) / 100)}.ics`);
  await small('multiget of 100', () => client.multiget(COLLECTION, names), 100);
  await small('CTag check (PROPFIND depth 0)', () => client.ctag(COLLECTION), 1);
}

function countIn(answer: Buffer, tag: string): number {
  return answer.toString('latin1').split(tag).length - 1;
}

/** Refuses an answer that is not whole: a fast wrong answer is no result. */
function expectCount(tag: string, expected: number): (answer: Buffer) => void {
  return (answer) => {
    const found = countIn(answer, tag);
    if (found !== expected) throw new Error(`the answer has ${tag} ${found} times, not ${expected}`);
  };
}
