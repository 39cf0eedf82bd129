import type { InputOf } from '../../authority/call-rule.ts';
import { type OfUser, ok, operation } from '../operation.ts';
import { type PageQuery, pageOf, sortable } from '../page-of.ts';

interface OfService {
  readonly service: string;
}

interface OfOneOrAll {
  readonly address?: string;
}

/** What runs full, what is served, and who uses it now. */
export const WATCH_OPERATIONS = {
  watchShow: operation(async ({ calls }) => ok(await calls.watchShow({}))),
  watchSet: operation<unknown, unknown, InputOf<'watchSet'>>(async ({ calls, body }) => {
    return ok({ watch: await calls.watchSet(body) });
  }),
  usageList: operation<unknown, PageQuery & { readonly domain?: string }>(async ({ calls, query }) => {
    const { limit, domain = null, cursor = null } = query;
    return ok(await calls.usageList({ limit, domain, after: cursor }));
  }),
  usageShow: operation<OfUser>(async ({ calls, path }) => ok(await calls.usageShow(path))),
  userQuotaSet: operation<OfUser, unknown, Omit<InputOf<'userQuotaSet'>, 'address'>>(async ({ calls, path, body }) => {
    return ok(await calls.userQuotaSet({ ...path, ...body }));
  }),

  serviceList: operation(async ({ calls }) => ok({ services: await calls.serviceList({}) })),
  serviceSet: operation<OfService, unknown, Pick<InputOf<'serviceSet'>, 'service'>>(async ({ calls, path, body }) => {
    return ok(await calls.serviceSet({ name: path.service, ...body }));
  }),
  serviceStart: operation<OfService>(async ({ calls, path }) => ok(await calls.serviceStart({ name: path.service }))),
  serviceStop: operation<OfService>(async ({ calls, path }) => ok(await calls.serviceStop({ name: path.service }))),

  connectionList: operation<unknown, PageQuery & OfOneOrAll>(async ({ calls, query }) => {
    const connections = await calls.connectionList({ address: query.address ?? null });
    const { entries, next } = pageOf(connections, ({ since, id }) => `${sortable(since)}\n${id}`, query, 'falling');
    return ok({ connections: entries, next });
  }),
  openFolderList: operation<unknown, PageQuery & OfOneOrAll>(async ({ calls, query }) => {
    const keyOf = ({
      user,
      protocol,
      device,
      from,
      folderId,
    }: Awaited<ReturnType<typeof calls.openFolderList>>[number]) =>
      [user, protocol, device ?? '', from, sortable(folderId)].join('\n');
    const { entries, next } = pageOf(await calls.openFolderList({ address: query.address ?? null }), keyOf, query);
    return ok({ folders: entries, next });
  }),

  addressGroupList: operation(async ({ calls }) => ok({ groups: await calls.addressGroupList({}) })),
  addressGroupSet: operation<{ readonly group: string }, unknown, { readonly ranges: readonly string[] }>(
    async ({ calls, path, body }) => ok(await calls.addressGroupSet({ name: path.group, ...body })),
  ),

  overview: operation(async ({ calls }) => ok(await calls.overview({}))),
} as const;
