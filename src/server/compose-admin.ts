import { join, resolve } from 'node:path';
import { type AdministrationCheck, certificateCheck } from '../admin/check.ts';
import type { OpenAdministration } from '../admin/cli/run-cli.ts';
import { createAdministration } from '../admin/create-administration.ts';
import { loadSettings } from '../config/load-settings.ts';
import { describeProblem, SettingsError } from '../config/problem.ts';
import type { Settings } from '../config/settings-schema.ts';
import { SILENT_LOG } from '../observe/log.ts';
import { openStores } from './compose-stores.ts';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from './system-clock.ts';

export { SYSTEM_CLOCK, SYSTEM_RANDOM } from './system-clock.ts';

/**
 * The administration of a data folder without a server: has the folder for itself as long as it is open.
 * @throws GatewayError 'store-unavailable' when another process has the folder, or its store cannot be opened
 */
export async function openLocalAdministration(dataFolder: string): Promise<OpenAdministration> {
  const [clock, random] = [SYSTEM_CLOCK, SYSTEM_RANDOM];
  const { settings, problems } = findSettings(dataFolder);
  const opened = openStores({
    ...{ data: dataFolder, clock, random, log: SILENT_LOG },
    ...(settings === null ? {} : { itemBytes: settings.limits.itemBytes }),
  });
  const { stores, services } = opened;
  const checks = [{ area: 'configuration', run: async () => problems }, ...certificateChecks(settings)];
  const administration = createAdministration({ stores, services, clock, random, log: SILENT_LOG, checks });
  return { administration, close: () => opened.close() };
}

function certificateChecks(settings: Settings | null): readonly AdministrationCheck[] {
  if (settings === null) return [];
  const { cert } = settings.tls;
  const own = join(settings.data, 'tls', 'certificate.pem');
  return [certificateCheck({ path: cert ?? own, isOwn: cert === undefined }, SYSTEM_CLOCK)];
}

/** The settings that a server started here on this folder would have, or what is wrong with them. */
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
