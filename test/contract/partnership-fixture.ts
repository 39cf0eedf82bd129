import type { JournalEntry, Partnership } from '../../src/store/sync-state-store.ts';

/** A partnership with every field filled in. */
export function partnershipOf(folderId: number, device: string, more: Partial<Partnership> = {}): Partnership {
  const position = { processed: 7, base: 5, ceiling: 9, edge: { key: -12, id: 3 } };
  const exceptions = [{ itemId: 4, isHeld: true, tried: 2 }];
  const current = { key: '1-a', ...position, exceptions, options: '{"filter":1}' };
  const counters = { number: 1, answers: 1, repeats: 2, alone: 8, suspects: [8, 9] };
  return { folderId, device, ...counters, current, previous: { ...current, key: '0-z' }, ...more };
}

export function entryOf(name: string, more: Partial<JournalEntry> = {}): JournalEntry {
  const facts = { kind: 'add', itemId: 1, stay: 2, hashes: ['h'], status: 'done', by: 1, isApplied: true } as const;
  return { name, ...facts, ...more };
}
