import type { EasContext } from '../../command.ts';
import type { AskedSync } from './asked.ts';
import type { CollectionAnswer } from './collection-answer.ts';

/** Adds to the request's log line how much went either way; numbers only. */
export function logSync({ logFields }: EasContext, asked: AskedSync, answers: readonly CollectionAnswer[]): void {
  const received = asked.collections.flatMap(({ commands }) => commands);
  const sent = answers.flatMap(({ commands }) => commands);
  const failed = answers.filter(({ status }) => status !== 1);
  Object.assign(logFields, {
    collections: asked.collections.length,
    answered: answers.length,
    received: countByKind(received),
    sent: countByKind(sent),
    moreAvailable: answers.filter(({ hasMore }) => hasMore).length,
    quarantined: answers.reduce((sum, { quarantined }) => sum + quarantined, 0),
    ...(failed.length === 0 ? {} : { statuses: failed.map(({ status }) => status) }),
  });
}

function countByKind(commands: readonly { readonly kind: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of commands) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
