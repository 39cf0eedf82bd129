import type { InputOf } from '../../authority/call-rule.ts';
import type { WipeListQuery } from '../../calls/wipe.ts';
import { DONE, type OfDevice, ok, operation } from '../operation.ts';
import type { PageQuery } from '../page-of.ts';

type Filter = Partial<Pick<WipeListQuery, 'domain' | 'address' | 'state'>>;
type BodyOf<C extends 'wipeStart' | 'wipeCancel'> = Omit<InputOf<C>, 'address' | 'device'>;

/** Wipes of devices. */
export const WIPE_OPERATIONS = {
  wipeList: operation<unknown, PageQuery & Filter>(async ({ calls, query }) => {
    const { limit, cursor = null, domain = null, address = null, state = null } = query;
    return ok(await calls.wipeList({ limit, domain, address, state, after: cursor }));
  }),
  wipeForecast: operation<OfDevice>(async ({ calls, path }) => ok(await calls.wipeForecast(path))),
  wipeStart: operation<OfDevice, unknown, BodyOf<'wipeStart'>>(async ({ calls, path, body }) => {
    return ok(await calls.wipeStart({ ...path, ...body }));
  }),
  wipeConsent: operation<OfDevice>(async ({ calls, path }) => ok(await calls.wipeConsent(path))),
  wipeCancel: operation<OfDevice, unknown, BodyOf<'wipeCancel'>>(async ({ calls, path, body }) => {
    return ok(await calls.wipeCancel({ ...path, ...body }));
  }),
  wipeClear: operation<OfDevice, unknown, BodyOf<'wipeCancel'>>(async ({ calls, path, body }) => {
    await calls.wipeClear({ ...path, ...body });
    return DONE;
  }),
  wipeSettingsShow: operation(async ({ calls }) => ok(await calls.wipeSettingsShow())),
  wipeSettingsSet: operation<unknown, unknown, InputOf<'wipeSettingsSet'>>(async ({ calls, body }) => {
    return ok(await calls.wipeSettingsSet(body));
  }),
} as const;
