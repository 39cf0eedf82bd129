import assert from 'node:assert/strict';
import type { Administration } from '../../../src/admin/administration.ts';
import { authorised } from '../../../src/admin/authority/authorised.ts';
import type { Authority } from '../../../src/admin/authority/authority.ts';
import { ADMIN_SCOPES, type AdminRole, type AdminScope, WHOLE_SERVER } from '../../../src/domain/admin-role.ts';
import { isGatewayError } from '../../../src/domain/errors.ts';
import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import { registered } from '../../contract/device-register.ts';
import { ANN, adminBench } from '../bench.ts';

export const HERE = 'ann@example.org';
export const THERE = 'bob@example.net';
export const ROOT = 'root@example.org';
/** Is in example.org and has its administration. */
const DOMAIN_ADMIN: AdminRole = { scopes: ADMIN_SCOPES, domain: 'example.org' };

export function authority(scopes: readonly AdminScope[], domain: string | null = null): Authority {
  return { address: 'adm@example.org', scopes: new Set(scopes), domain };
}

export async function bench() {
  const made = adminBench();
  const { administration, stores } = made;
  for (const address of [HERE, THERE, ROOT, 'dom@example.org']) await administration.userAdd({ ...ANN, address });
  await administration.userRoleSet({ address: ROOT, role: WHOLE_SERVER });
  await administration.userRoleSet({ address: 'dom@example.org', role: DOMAIN_ADMIN });
  for (const [localPart, domain] of [
    ['ann', 'example.org'],
    ['bob', 'example.net'],
  ] as const) {
    const { mailboxId } = (await stores.directory.user(localPart, domain))!;
    const device = registered('phone', `${localPart}@${domain}`, 5);
    await stores.syncState.write(mailboxId, CLIENT_ORIGIN, (tx) => tx.putDevice(device));
  }
  const as = (scopes: readonly AdminScope[], domain: string | null = null) =>
    authorised(administration, authority(scopes, domain));
  return { ...made, as };
}

export function denied(right: string) {
  return (error: unknown) => {
    assert.ok(isGatewayError(error, 'access-denied'), String(error));
    assert.equal(error.facts.right, right, error.message);
    return true;
  };
}

export const NO_FILTER = { text: null, protocol: null, access: null, order: 'owner', after: null, limit: 50 } as const;

/** Calls as they would be made, each about `address` where it is about somebody. */
export type Trial = (calls: Administration, address: string) => Promise<unknown>;
export type Trials = { readonly [C in keyof Administration]?: Trial };

export const OF_USER = {
  userAdd: (calls, address) => calls.userAdd({ ...ANN, address: `new-${address}` }),
  userShow: (calls, address) => calls.userShow({ address }),
  userRoleSet: (calls, address) => calls.userRoleSet({ address, role: null }),
  userPasswd: (calls, address) => calls.userPasswd({ address, password: 'x' }),
  userRemove: (calls, address) => calls.userRemove({ address }),
  folderList: (calls, address) => calls.folderList({ address }),
  importFolder: (calls, address) => {
    const folder = { itemClass: 'mail', role: 'inbox', parentId: null, name: '', displayName: null } as const;
    return calls.importFolder({ address, folder: { ...folder, components: [], properties: {} } });
  },
  importBatch: (calls, address) => calls.importBatch({ address, folderId: 1, entries: [] }),
  exportPage: (calls, address) => calls.exportPage({ address, folderId: 1, after: null }),
  exportChunk: (calls, address) => calls.exportChunk({ address, itemId: 1, revision: '', start: 0, end: 1 }),
  deviceList: (calls, address) => calls.deviceList({ ...NO_FILTER, address, domain: null }),
  appPasswordList: (calls, address) => calls.appPasswordList({ address }),
  appPasswordAdd: (calls, address) => calls.appPasswordAdd({ address, label: 'x', protocols: null }),
  appPasswordRevoke: (calls, address) => calls.appPasswordRevoke({ address, id: null }),
  deviceShow: (calls, address) => calls.deviceShow({ address, device: 'phone' }),
  deviceDecide: (calls, address) => calls.deviceDecide({ address, device: 'phone', access: 'blocked', why: '' }),
  usageShow: (calls, address) => calls.usageShow({ address }),
  userQuotaSet: (calls, address) => calls.userQuotaSet({ address, bytes: 1, items: null }),
  usageList: (calls, address) => calls.usageList({ domain: address.split('@')[1]!, after: null, limit: 5 }),
  policyOf: (calls, address) => calls.policyOf({ address, device: 'phone' }),
  deviceResync: (calls, address) => calls.deviceResync({ address, device: 'phone', folderId: null }),
  deviceRemove: (calls, address) => calls.deviceRemove({ address, device: 'phone' }),
  conflictRuleSet: (calls, address) => calls.conflictRuleSet({ domain: null, address, device: null, rule: null }),
  conflictList: (calls, address) => calls.conflictList({ address }),
  conflictRestore: (calls, address) => calls.conflictRestore({ address, id: 1 }),
  recoveryPasswordShow: (calls, address) => calls.recoveryPasswordShow({ address, device: 'phone' }),
  wipeForecast: (calls, address) => calls.wipeForecast({ address, device: 'phone' }),
  wipeStart: (calls, address) => calls.wipeStart({ address, device: 'phone', kind: 'full', why: 'x' }),
  wipeConsent: (calls, address) => calls.wipeConsent({ address, device: 'phone' }),
  wipeCancel: (calls, address) => calls.wipeCancel({ address, device: 'phone', why: 'x' }),
  wipeClear: (calls, address) => calls.wipeClear({ address, device: 'phone', why: 'x' }),
  wipeList: (calls, address) => calls.wipeList({ domain: null, address, state: null, after: null, limit: 5 }),
  quarantineList: (calls, address) => calls.quarantineList({ address, device: null }),
  quarantineRetry: (calls, address) => calls.quarantineRetry({ address, device: null, itemId: null }),
  quarantineClear: (calls, address) => calls.quarantineClear({ address, device: null, itemId: null }),
  outboxList: (calls, address) => calls.outboxList({ address }),
  outboxRetry: (calls, address) => calls.outboxRetry({ address }),
  recordStart: (calls, address) => calls.recordStart({ address, device: null, minutes: 1, withContents: false }),
} satisfies Trials;

export const OF_SERVER = {
  unlockAll: (calls) => calls.unlockAll(),
  accessShow: (calls) => calls.accessShow({}),
  accessSet: (calls) => calls.accessSet({ access: {} }),
  groupList: (calls) => calls.groupList({}),
  groupSet: (calls, address) => calls.groupSet({ name: 'g', users: [address] }),
  policySet: (calls) => calls.policySet({ policy: {} }),
  wipeSettingsShow: (calls) => calls.wipeSettingsShow(),
  wipeSettingsSet: (calls) => calls.wipeSettingsSet({ settings: {} }),
  logShow: (calls) => calls.logShow({ name: 'config', lines: 1, grep: null, after: null }),
  logClear: (calls) => calls.logClear({ name: 'config' }),
  logDebug: (calls) => calls.logDebug({ category: null, isOn: false }),
  watchShow: (calls) => calls.watchShow({}),
  watchSet: (calls) => calls.watchSet({ watch: {} }),
  serviceList: (calls) => calls.serviceList({}),
  serviceSet: (calls) => {
    const service = { startsAutomatically: true, maxConnections: 0, addressGroup: null };
    return calls.serviceSet({ name: 'webdav', service });
  },
  serviceStart: (calls) => calls.serviceStart({ name: 'webdav' }),
  serviceStop: (calls) => calls.serviceStop({ name: 'webdav' }),
  addressGroupList: (calls) => calls.addressGroupList({}),
  addressGroupSet: (calls) => calls.addressGroupSet({ name: 'office', ranges: ['10.0.0.0/8'] }),
  overview: (calls) => calls.overview({}),
  check: (calls) => calls.check({}),
} satisfies Trials;

/** Lists, and what is found by another name than an address. */
const OTHERS = {
  connectionList: (calls) => calls.connectionList({ address: null }),
  openFolderList: (calls) => calls.openFolderList({ address: null }),
  deviceApprove: (calls, address) => calls.deviceApprove({ address, device: 'phone' }),
  policyList: (calls) => calls.policyList({}),
  conflictRuleList: (calls) => calls.conflictRuleList({}),
  policyShow: (calls) => calls.policyShow({}),
  userList: (calls) => calls.userList(),
  recordList: (calls) => calls.recordList(),
  recordStop: (calls) => calls.recordStop({ id: '20260101-00000000' }),
  recordRemove: (calls) => calls.recordRemove({ id: '20260101-00000000' }),
  recordFiles: (calls) => calls.recordFiles({ id: '20260101-00000000' }),
  recordRead: (calls) => calls.recordRead({ id: '20260101-00000000', name: 'about.yaml', start: 0, end: 1 }),
} satisfies Trials;

export const TRIALS: { readonly [C in keyof Administration]: Trial } = { ...OF_USER, ...OF_SERVER, ...OTHERS };

export function namesOf<T extends Trials>(trials: T): (keyof T & keyof Administration)[] {
  return Object.keys(trials) as (keyof T & keyof Administration)[];
}

/** An administration that only says which calls came through. */
export function witness(administration: Administration) {
  const made: string[] = [];
  const calls = Object.keys(TRIALS).map((name) => {
    const call = async () => {
      made.push(name);
      return [];
    };
    return [name, call];
  });
  const { userList, recordList } = administration;
  return { made, calls: { ...(Object.fromEntries(calls) as Administration), userList, recordList } };
}
