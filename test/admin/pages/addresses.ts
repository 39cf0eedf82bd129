import { FIRST_RECORDING } from './server-parts.ts';

/**
 * Where each page is looked at, by the tests with and without a browser; `withDevices` makes what they show. A page that is
 * missing here fails. The name is that of its pictures.
 */
export const ADDRESSES: readonly (readonly [name: string, address: string])[] = [
  ['overview', '/admin'],
  ['devices', '/admin/devices'],
  ['device', '/admin/devices/ann%40example.org/PHONE1'],
  ['wipe-forecast', '/admin/devices/ann%40example.org/PHONE1/wipe'],
  ['wipes', '/admin/wipes'],
  ['users', '/admin/users'],
  ['user', '/admin/users/ann%40example.org'],
  ['quotas', '/admin/quotas'],
  ['policies', '/admin/policies'],
  ['policy', '/admin/policies?kind=everybody'],
  ['groups', '/admin/groups'],
  ['access', '/admin/access'],
  ['access-rule', '/admin/access?rule=new'],
  ['conflicts', '/admin/conflicts?address=ann@example.org'],
  ['quarantine', '/admin/quarantine?address=ann@example.org'],
  ['services', '/admin/services'],
  ['connections', '/admin/connections'],
  ['address-groups', '/admin/address-groups'],
  ['outbox', '/admin/outbox'],
  ['logs', '/admin/logs'],
  ['log', '/admin/logs/security?mark=failed'],
  ['recordings', '/admin/recordings'],
  ['recording', `/admin/recordings/${FIRST_RECORDING}`],
];

/** What Ann sees of herself. */
export const MY_ADDRESSES: readonly (readonly [name: string, address: string])[] = [
  ['me', '/me'],
  ['me-device', '/me/devices/PHONE1'],
  ['me-app-passwords', '/me/app-passwords'],
  ['me-setup', '/me/setup'],
];
