import type { InputOf } from '../../authority/call-rule.ts';
import { DONE, ok, operation } from '../operation.ts';
import { type PageQuery, pageOf, sortable } from '../page-of.ts';

interface OfLog {
  readonly log: string;
}

/** Rules, mail, logs and the server itself. */
export const SERVER_OPERATIONS = {
  accessShow: operation(async ({ calls }) => ok(await calls.accessShow({}))),
  accessSet: operation<unknown, unknown, InputOf<'accessSet'>>(async ({ calls, body }) => {
    return ok(await calls.accessSet(body));
  }),
  groupList: operation(async ({ calls }) => ok({ groups: await calls.groupList({}) })),
  groupSet: operation<{ readonly name: string }, unknown, { readonly users: readonly string[] }>(
    async ({ calls, path, body }) => ok({ count: await calls.groupSet({ ...path, ...body }) }),
  ),

  outboxList: operation<unknown, PageQuery & { readonly address?: string }>(async ({ calls, query }) => {
    const messages = await calls.outboxList({ address: query.address ?? null });
    const keyOf = ({ owner, queuedAt, itemId }: (typeof messages)[number]) =>
      `${owner}\n${sortable(queuedAt)}\n${sortable(itemId)}`;
    const { entries, next } = pageOf(messages, keyOf, query);
    return ok({ messages: entries, next });
  }),
  outboxRetry: operation<unknown, unknown, InputOf<'outboxRetry'>>(async ({ calls, body }) => {
    return ok(await calls.outboxRetry(body));
  }),

  logShow: operation<OfLog, PageQuery & { readonly text?: string }>(async ({ calls, path, query }) => {
    const { limit, text, cursor } = query;
    return ok(await calls.logShow({ name: path.log, lines: limit, grep: text ?? null, after: cursor ?? null }));
  }),
  logClear: operation<OfLog>(async ({ calls, path }) => {
    await calls.logClear({ name: path.log });
    return DONE;
  }),
  logDebugShow: operation(async ({ calls }) => {
    return ok({ categories: await calls.logDebug({ category: null, isOn: false }) });
  }),
  logDebug: operation<{ readonly category: string }, unknown, { readonly isOn: boolean }>(
    async ({ calls, path, body }) => ok({ categories: await calls.logDebug({ ...path, ...body }) }),
  ),

  check: operation(async ({ calls }) => ok({ findings: await calls.check({}) })),
} as const;
