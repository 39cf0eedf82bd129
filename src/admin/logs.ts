import { GatewayError } from '../domain/errors.ts';
import { acting } from '../observe/acting.ts';
import { DEBUG_CATEGORIES, type DebugSwitches, isDebugCategory } from '../observe/debug-switches.ts';
import type { LogFiles } from '../observe/files/log-files.ts';
import { readLogAfter, readLogEnd } from '../observe/files/read-log.ts';
import { isLogName, LOG_NAMES, type LogName } from '../observe/log-names.ts';
import type { DirectoryStore } from '../store/directory-store.ts';
import type { Administration } from './administration.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';

/** The run-time setting with the debug categories that are on, an array of their names. */
const DEBUG_SETTING = 'log.debug';

/** Where the logs of this process are, for who administers them. */
export interface LogControl {
  /** Folder of the log files. */
  readonly folder: string;
  /** Null: no files are kept. */
  readonly files: LogFiles | null;
  readonly switches: DebugSwitches;
}

type LogCalls = Pick<Administration, 'logShow' | 'logClear' | 'logDebug'>;

/** Puts the categories on that the setting holds. */
export async function loadDebugSwitches(
  directory: Pick<DirectoryStore, 'setting'>,
  switches: DebugSwitches,
): Promise<void> {
  const stored = await directory.setting(DEBUG_SETTING);
  switches.set(Array.isArray(stored) ? stored : []);
}

/** The calls about logs. */
export function logCalls({ stores: { directory }, logs, log }: AdministrationParts): LogCalls {
  const control = () => {
    if (logs !== undefined) return logs;
    throw new TypeError('An administration without logs was asked for them.');
  };
  return {
    async logShow({ name, lines, grep, after }) {
      const known = checkedName(name);
      const { folder, files } = control();
      files?.flush();
      if (after !== null) return readLogAfter(folder, known, { after, grep });
      return readLogEnd(folder, known, { count: lines, grep });
    },

    async logClear({ name }) {
      const known = checkedName(name);
      const { files } = control();
      if (files === null) {
        const message = 'No log files are kept here: log.files is false.';
        throw new GatewayError('name-invalid', { name, reason: 'log.files is false' }, message);
      }
      files.clear(known);
      configLog(log)({ name: known }, 'log cleared');
    },

    async logDebug({ category, isOn }) {
      const { switches } = control();
      await loadDebugSwitches(directory, switches);
      if (category === null) return states(switches);
      if (!isDebugCategory(category)) throw noSuch('category', category, DEBUG_CATEGORIES);
      const others = switches.on.filter((one) => one !== category);
      const wanted = isOn ? [...others, category] : others;
      await directory.setSetting(DEBUG_SETTING, wanted, acting().user);
      switches.set(wanted);
      return states(switches);
    },
  };
}

function states(switches: DebugSwitches) {
  return DEBUG_CATEGORIES.map((category) => ({ category, isOn: switches.isOn(category) }));
}

function checkedName(name: string): LogName {
  if (isLogName(name)) return name;
  throw noSuch('log', name, LOG_NAMES);
}

function noSuch(what: string, name: string, known: readonly string[]): GatewayError {
  const message = `There is no ${what} "${name}"; there are: ${known.join(', ')}.`;
  return new GatewayError('name-invalid', { name, reason: 'unknown' }, message);
}
