import type { InputOf } from '../../authority/call-rule.ts';
import type { DeviceListQuery } from '../../calls/devices.ts';
import { DONE, type OfDevice, type OfUser, ok, operation } from '../operation.ts';
import { type PageQuery, pageOf, sortable } from '../page-of.ts';

type Filter = Partial<Pick<DeviceListQuery, 'address' | 'text' | 'domain' | 'protocol' | 'access'>>;
type BodyOf<C extends 'deviceDecide' | 'deviceResync'> = Omit<InputOf<C>, 'address' | 'device'>;
type ChoiceBody = Omit<InputOf<'quarantineRetry'>, 'address'>;

const ANY = { address: null, text: null, domain: null, protocol: null, access: null } as const;

/** The register of devices, conflicts and quarantine. */
export const DEVICE_OPERATIONS = {
  deviceList: operation<unknown, PageQuery & Filter & Pick<DeviceListQuery, 'order'>>(async ({ calls, query }) => {
    const { cursor, ...rest } = query;
    return ok(await calls.deviceList({ ...ANY, ...rest, after: cursor ?? null }));
  }),

  deviceShow: operation<OfDevice>(async ({ calls, path }) => ok(await calls.deviceShow(path))),

  deviceRemove: operation<OfDevice>(async ({ calls, path }) => {
    await calls.deviceRemove(path);
    return DONE;
  }),

  deviceDecide: operation<OfDevice, unknown, BodyOf<'deviceDecide'>>(async ({ calls, path, body }) => {
    return ok(await calls.deviceDecide({ ...path, ...body }));
  }),

  deviceResync: operation<OfDevice, unknown, BodyOf<'deviceResync'>>(async ({ calls, path, body }) => {
    return ok({ count: await calls.deviceResync({ ...path, ...body }) });
  }),

  recoveryPasswordShow: operation<OfDevice>(async ({ calls, path }) => ok(await calls.recoveryPasswordShow(path))),

  conflictRuleSet: operation<unknown, unknown, InputOf<'conflictRuleSet'>>(async ({ calls, body }) => {
    await calls.conflictRuleSet(body);
    return DONE;
  }),

  conflictRuleList: operation(async ({ calls }) => ok({ rules: await calls.conflictRuleList({}) })),

  conflictList: operation<OfUser, PageQuery>(async ({ calls, path, query }) => {
    const { entries, next } = pageOf(await calls.conflictList(path), ({ id }) => sortable(id), query, 'falling');
    return ok({ conflicts: entries, next });
  }),

  conflictRestore: operation<OfUser & { readonly conflict: number }>(async ({ calls, path }) => {
    return ok({ itemId: await calls.conflictRestore({ address: path.address, id: path.conflict }) });
  }),

  quarantineList: operation<OfUser, { readonly device?: string }>(async ({ calls, path, query }) => {
    return ok({ entries: await calls.quarantineList({ ...path, device: query.device ?? null }) });
  }),

  quarantineRetry: operation<OfUser, unknown, ChoiceBody>(async ({ calls, path, body }) => {
    return ok({ count: await calls.quarantineRetry({ ...path, ...body }) });
  }),

  quarantineClear: operation<OfUser, unknown, ChoiceBody>(async ({ calls, path, body }) => {
    return ok({ count: await calls.quarantineClear({ ...path, ...body }) });
  }),
} as const;
