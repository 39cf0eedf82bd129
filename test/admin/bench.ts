import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AdministrationParts, createAdministration } from '../../src/admin/create-administration.ts';
import { DEFAULT_LIMITS } from '../../src/domain/limits.ts';
import { SILENT_LOG } from '../../src/observe/log.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { seededRandom } from '../support/random.ts';
import { recoveryOver } from '../support/recovery.ts';

/** An administration over memory stores. */
export function adminBench(more: Partial<AdministrationParts> = {}) {
  const clock = fakeClock();
  const random = seededRandom(11).bytes;
  const stores = createMemoryStores({ clock, random, publish() {} });
  const services = { store: stores.mailboxes, clock, random, limits: DEFAULT_LIMITS };
  const recovery = recoveryOver(stores, clock);
  const administration = createAdministration({
    ...{ stores, services, recovery, clock, random, log: SILENT_LOG },
    ...more,
  });
  return { administration, stores, services, recovery, clock, random };
}

/** Runs with a new folder, which is gone afterwards. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-admin-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const ANN = { address: 'ann@example.org', password: 'secret', isAdmin: false, displayName: 'Ann' } as const;

/** An event that any folder of events takes. */
export function event(uid: string, summary = 'Lunch'): string {
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Test//EN',
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    'DTSTART:20260105T120000Z',
    'DTEND:20260105T130000Z',
    `SUMMARY:${summary}`,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}
