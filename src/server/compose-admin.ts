import { join, resolve } from 'node:path';
import { type AdministrationCheck, certificateCheck } from '../admin/check.ts';
import type { OpenAdministration } from '../admin/cli/run-cli.ts';
import { createAdministration } from '../admin/create-administration.ts';
import { type ConfigCheck, checkConfig } from '../config/check-config.ts';
import { SETTINGS_SCHEMA, type Settings } from '../config/settings-schema.ts';
import { NO_DEBUG } from '../observe/debug-switches.ts';
import { inLog } from '../observe/log-names.ts';
import { type OpenLogs, openLogs } from '../observe/open-logs.ts';
import { createRecorder, RECORDINGS_FOLDER } from '../recorder/recorder.ts';
import { openRecovery } from './compose-recovery.ts';
import { openStores } from './compose-stores.ts';
import { WIPE_ABILITIES } from './compose-wipe.ts';
import { LOG_FOLDER } from './data-folder.ts';
import { SYSTEM_CLOCK, SYSTEM_RANDOM } from './system-clock.ts';

export { SYSTEM_CLOCK, SYSTEM_RANDOM } from './system-clock.ts';

/**
 * The administration of a data folder without a server: has the folder for itself as long as it is open.
 * @throws GatewayError 'store-unavailable' when another process has the folder, or its store cannot be opened
 */
export async function openLocalAdministration(dataFolder: string): Promise<OpenAdministration> {
  const [clock, random] = [SYSTEM_CLOCK, SYSTEM_RANDOM];
  const { settings } = lookAtConfig(dataFolder);
  const logs = localLogs(dataFolder, settings);
  const { log } = logs;
  const opened = openStores({
    ...{ data: dataFolder, clock, random, log },
    debug: NO_DEBUG,
    withSubjects: settings?.log.subjects ?? true,
    ...(settings === null ? {} : { itemBytes: settings.limits.itemBytes }),
  });
  const { stores, services } = opened;
  const close = async () => {
    await opened.close();
    logs.close();
  };
  const recovery = await openRecovery({ data: dataFolder, stores, clock, random, log }).catch(
    async (error: unknown) => {
      await close();
      throw error;
    },
  );
  const configuration = { area: 'configuration', run: async () => lookAtConfig(dataFolder).findings };
  const checks = [configuration, ...certificateChecks(settings)];
  const recorder = createRecorder({
    ...{ clock, random, log: inLog(log, 'security') },
    folder: join(dataFolder, RECORDINGS_FOLDER),
    formats: null,
  });
  const publicUrl = settings?.publicUrl ?? null;
  const parts = { stores, services, recovery, clock, random, log, logs, checks, recorder, publicUrl };
  const administration = createAdministration({ ...parts, wipeAbilities: WIPE_ABILITIES });
  return { administration, close };
}

/** The files that a server started here would write, and nothing on standard output, which is for results. */
function localLogs(dataFolder: string, settings: Settings | null): OpenLogs {
  return openLogs({
    settings: { ...(settings ?? SETTINGS_SCHEMA.parse({})).log, level: 'warn' },
    format: 'json',
    folder: join(dataFolder, LOG_FOLDER),
    syslog: null,
    hostName: '',
    now: SYSTEM_CLOCK.now,
    after: SYSTEM_CLOCK.after,
    write: () => undefined,
    complain: (text) => void process.stderr.write(text),
  });
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
