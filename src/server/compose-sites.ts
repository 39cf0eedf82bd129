import type { Administration } from '../admin/administration.ts';
import { createAdminApi } from '../admin/http/admin-api.ts';
import { createPages } from '../admin/pages/site.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import { createSignIns } from '../auth/tokens/sign-ins.ts';
import { openSigningKey } from '../auth/tokens/signing-key.ts';
import type { SqliteStores } from '../store/sqlite/open.ts';
import type { BackendParts } from './backend.ts';
import type { Site } from './protocol-handler.ts';
import { requestFacts } from './request-facts.ts';

export interface SiteParts extends Pick<BackendParts, 'settings' | 'clock' | 'random' | 'log'> {
  readonly stores: Pick<SqliteStores, 'directory' | 'signIns'>;
  readonly authenticator: Pick<Authenticator, 'checkPassword'>;
  readonly administration: Administration;
}

/** What administrators and users look at: it signs people in by itself. */
export async function openSites(parts: SiteParts): Promise<readonly Site[]> {
  const { settings, clock, random, log, stores, authenticator, administration } = parts;
  const key = await openSigningKey(settings.data, random);
  const { directory, signIns: store } = stores;
  const signIns = createSignIns({ authenticator, directory, store, clock, random, log, key });
  const publicUrl = settings.publicUrl ?? null;
  return [
    createAdminApi({ administration, signIns, log, facts: requestFacts }),
    createPages({ administration, signIns, clock, random, publicUrl, facts: requestFacts }),
  ];
}
