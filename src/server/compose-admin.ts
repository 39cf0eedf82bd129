import { join, resolve } from 'node:path';
import { type AdministrationCheck, certificateCheck } from '../admin/check.ts';
import type { OpenAdministration } from '../admin/cli/run-cli.ts';
import { createAdministration } from '../admin/create-administration.ts';
import { type ConfigCheck, checkConfig } from '../config/check-config.ts';
import type { Settings } from '../config/settings-schema.ts';
import { SILENT_LOG } from '../observe/log.ts';
import { createRecorder, RECORDINGS_FOLDER } from '../recorder/recorder.ts';
import { openStores } from './compose-stores.ts';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from './system-clock.ts';

export { SYSTEM_CLOCK, SYSTEM_RANDOM } from './system-clock.ts';

/**
 * The administration of a data folder without a server: has the folder for itself as long as it is open.
 * @throws GatewayError 'store-unavailable' when another process has the folder, or its store cannot be opened
 */
export async function openLocalAdministration(dataFolder: string): Promise<OpenAdministration> {
  const [clock, random] = [SYSTEM_CLOCK, SYSTEM_RANDOM];
  const { settings } = lookAtConfig(dataFolder);
  const opened = openStores({
    ...{ data: dataFolder, clock, random, log: SILENT_LOG },
    ...(settings === null ? {} : { itemBytes: settings.limits.itemBytes }),
  });
  const { stores, services } = opened;
  const configuration = { area: 'configuration', run: async () => lookAtConfig(dataFolder).findings };
  const checks = [configuration, ...certificateChecks(settings)];
  const recorder = createRecorder({
    ...{ clock, random, log: SILENT_LOG },
    folder: join(dataFolder, RECORDINGS_FOLDER),
    formats: null,
  });
  const administration = createAdministration({ stores, services, clock, random, log: SILENT_LOG, checks, recorder });
  return { administration, close: () => opened.close() };
}

function certificateChecks(settings: Settings | null): readonly AdministrationCheck[] {
  if (settings === null) return [];
  const { cert } = settings.tls;
  const own = join(settings.data, 'tls', 'certificate.pem');
  return [certificateCheck({ path: cert ?? own, isOwn: cert === undefined }, SYSTEM_CLOCK)];
}

/** What a server started here on this folder would make of its configuration. */
function lookAtConfig(dataFolder: string): ConfigCheck {
  return checkConfig({ argv: ['--data', resolve(dataFolder)], env: process.env, cwd: process.cwd() });
}
