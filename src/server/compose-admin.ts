import { join, resolve } from 'node:path';
import { certificateCheck } from '../admin/check.ts';
import type { OpenAdministration } from '../admin/cli/run-cli.ts';
import { type AdministrationParts, createAdministration } from '../admin/create-administration.ts';
import { loadSettings } from '../config/load-settings.ts';
import { describeProblem, SettingsError } from '../config/problem.ts';
import type { Settings } from '../config/settings-schema.ts';
import type { Clock } from '../domain/clock.ts';
import { DEFAULT_LIMITS } from '../domain/limits.ts';
import { SILENT_LOG } from '../observe/log.ts';
import { lockDataFolder } from '../store/sqlite/lock-data-folder.ts';
import { openSqliteStores } from '../store/sqlite/open.ts';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from './system-clock.ts';

export { SYSTEM_CLOCK, SYSTEM_RANDOM } from './system-clock.ts';

/** The database in a data folder, for the server and for the command line without one. */
export function databasePath(dataFolder: string): string {
  return join(dataFolder, 'causeway.db');
}

/** What `check` looks at besides the stores: the certificate that these settings use. */
export function settingsChecks(settings: Pick<Settings, 'data' | 'tls'>, clock: Clock): AdministrationParts['checks'] {
  const { cert } = settings.tls;
  const own = join(settings.data, 'tls', 'certificate.pem');
  return [certificateCheck({ path: cert ?? own, isOwn: cert === undefined }, clock)];
}

/**
 * The administration of a data folder without a server: takes the folder's lock for as long as it is open.
 * @throws GatewayError 'store-unavailable' when a process has the folder, or its database cannot be opened
 */
export async function openLocalAdministration(dataFolder: string): Promise<OpenAdministration> {
  const lock = lockDataFolder(dataFolder);
  try {
    const path = databasePath(dataFolder);
    const [clock, random] = [SYSTEM_CLOCK, SYSTEM_RANDOM];
    // Nobody waits for changes in this process.
    const stores = openSqliteStores({ path, clock, random, publish() {} });
    const found = findSettings(dataFolder);
    const limits = { ...DEFAULT_LIMITS, ...(found.settings ? { maxItemBytes: found.settings.limits.itemBytes } : {}) };
    const administration = createAdministration({
      ...{ stores, clock, random, log: SILENT_LOG },
      services: { store: stores.mailboxes, clock, random, limits },
      checks: [
        { area: 'configuration', run: async () => found.problems },
        ...(found.settings ? (settingsChecks(found.settings, clock) ?? []) : []),
      ],
    });
    return {
      administration,
      async close() {
        await stores.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The settings a server started here on this folder would have, or what is wrong with them. */
function findSettings(dataFolder: string): { settings: Settings | null; problems: readonly string[] } {
  try {
    const argv = ['--data', resolve(dataFolder)];
    const { settings } = loadSettings({ argv, env: process.env, cwd: process.cwd() });
    return { settings, problems: [] };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { settings: null, problems: error.problems.map(describeProblem) };
  }
}
