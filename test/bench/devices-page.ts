import { authorised } from '../../src/admin/authority/authorised.ts';
import { createAdministration } from '../../src/admin/create-administration.ts';
import { DEVICES_PAGE } from '../../src/admin/pages/admin/devices.ts';
import type { Visit } from '../../src/admin/pages/page.ts';
import { ADMIN_SCOPES } from '../../src/domain/admin-role.ts';
import { DEFAULT_LIMITS } from '../../src/domain/limits.ts';
import { SILENT_LOG } from '../../src/observe/log.ts';
import type { SqliteStores } from '../../src/store/sqlite/open.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { recoveryOver } from '../support/recovery.ts';

/** Makes the page of devices for a query of it, as an administrator of the whole server sees it; gives its length. */
export function devicesPage(stores: SqliteStores): (query: string) => Promise<number> {
  const clock = fakeClock();
  const random = (length: number) => new Uint8Array(length);
  const services = { store: stores.mailboxes, clock, random, limits: DEFAULT_LIMITS };
  const recovery = recoveryOver(stores, clock);
  const administration = createAdministration({ stores, services, recovery, clock, random, log: SILENT_LOG });
  const authority = { address: 'root@example.org', scopes: new Set(ADMIN_SCOPES), domain: null };
  const visit: Omit<Visit, 'query' | 'here' | 'self'> = {
    ...{ authority, calls: authorised(administration, authority), can: () => true, params: {}, sent: null },
    ...{ token: 'token', origin: 'https://mail.example.org', now: clock.now() },
  };
  return async (query) => {
    const asked = { ...visit, query: new URLSearchParams(query), here: `/admin/devices?${query}` };
    const view = await DEVICES_PAGE.show(asked as Visit);
    if (view.kind !== 'page') throw new TypeError('The register is no page.');
    return view.body.text.length;
  };
}
