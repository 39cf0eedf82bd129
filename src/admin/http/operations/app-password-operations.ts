import type { InputOf } from '../../authority/call-rule.ts';
import { type OfUser, ok, operation } from '../operation.ts';

/** Passwords for single devices. */
export const APP_PASSWORD_OPERATIONS = {
  appPasswordList: operation<OfUser>(async ({ calls, path }) => ok({ passwords: await calls.appPasswordList(path) })),

  appPasswordAdd: operation<OfUser, unknown, Omit<InputOf<'appPasswordAdd'>, 'address'>>(
    async ({ calls, path, body }) => {
      const made = await calls.appPasswordAdd({ ...path, ...body });
      const location = `/users/${encodeURIComponent(path.address)}/app-passwords/${made.entry.id}`;
      return { status: 201, body: made, location };
    },
  ),

  appPasswordRevoke: operation<OfUser & { readonly password: string }>(async ({ calls, path }) => {
    return ok({ count: await calls.appPasswordRevoke({ address: path.address, id: path.password }) });
  }),

  appPasswordRevokeAll: operation<OfUser>(async ({ calls, path }) => {
    return ok({ count: await calls.appPasswordRevoke({ ...path, id: null }) });
  }),
} as const;
