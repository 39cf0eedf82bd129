import type { AdminRole } from '../../../domain/admin-role.ts';
import type { InputOf } from '../../authority/call-rule.ts';
import { isUserFound } from '../../user-search.ts';
import { DONE, type OfUser, ok, operation } from '../operation.ts';
import { type PageQuery, pageOf } from '../page-of.ts';

/** People and their roles. */
export const USER_OPERATIONS = {
  userList: operation<unknown, PageQuery & { readonly text?: string }>(async ({ calls, query }) => {
    const users = (await calls.userList()).filter((user) => isUserFound(user, query.text ?? ''));
    const { entries, next } = pageOf(users, ({ address }) => address, query);
    return ok({ users: entries, next });
  }),

  userAdd: operation<unknown, unknown, InputOf<'userAdd'>>(async ({ calls, body }) => {
    const user = await calls.userAdd(body);
    return { status: 201, body: user, location: `/users/${encodeURIComponent(user.address)}` };
  }),

  userShow: operation<OfUser>(async ({ calls, path }) => ok(await calls.userShow(path))),

  userRemove: operation<OfUser>(async ({ calls, path }) => {
    await calls.userRemove(path);
    return DONE;
  }),

  userPasswd: operation<OfUser, unknown, { readonly password: string }>(async ({ calls, path, body }) => {
    await calls.userPasswd({ ...path, ...body });
    return DONE;
  }),

  userRoleSet: operation<OfUser, unknown, { readonly role: AdminRole | null }>(async ({ calls, path, body }) => {
    return ok(await calls.userRoleSet({ ...path, ...body }));
  }),

  unlockAll: operation(async ({ calls }) => {
    await calls.unlockAll();
    return DONE;
  }),
} as const;
