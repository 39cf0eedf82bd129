import { DebugSwitches } from './debug-switches.ts';
import { LogFiles } from './files/log-files.ts';
import type { After } from './gathered.ts';
import type { Log } from './log.ts';
import { createPinoLog, type PinoLogOptions } from './pino-log.ts';
import type { SyslogAddress } from './syslog/address.ts';
import { Syslog } from './syslog/syslog.ts';

/** What the start-up settings say about logs. */
export interface LogSettings {
  readonly level: PinoLogOptions['level'];
  readonly files: boolean;
  readonly rotateBytes: number;
  readonly rotateDays: number;
  readonly keep: number;
}

export interface OpenLogsOptions {
  readonly settings: LogSettings;
  readonly format: 'json' | 'text';
  /** Folder of the log files. */
  readonly folder: string;
  readonly syslog: SyslogAddress | null;
  readonly hostName: string;
  readonly now: () => number;
  readonly after: After;
  /** Takes lines instead of standard output. */
  readonly write?: (line: string) => void;
  /** Takes what goes wrong with the logs themselves, as a line. */
  readonly complain: (text: string) => void;
}

/** The logs of a process with all their sinks. */
export interface OpenLogs {
  readonly log: Log;
  readonly folder: string;
  /** Null where none are kept. */
  readonly files: LogFiles | null;
  readonly switches: DebugSwitches;
  close(): void;
}

/** Opens standard output, the files and syslog, as far as they are wanted. */
export function openLogs(options: OpenLogsOptions): OpenLogs {
  const { settings, folder, now, after, write, complain } = options;
  const { rotateBytes, rotateDays, keep, level } = settings;
  const failed = (what: string) => (error: unknown) =>
    complain(`${what}: ${error instanceof Error ? error.message : String(error)}\n`);
  const switches = new DebugSwitches();
  const onFailure = failed('Log files cannot be written');
  const files = settings.files ? new LogFiles({ folder, rotateBytes, rotateDays, keep, now, after, onFailure }) : null;
  const syslog =
    options.syslog === null ? null : openSyslog(options, options.syslog, failed('Syslog cannot be reached'));
  const sinks = [...(files === null ? [] : [files.sink]), ...(syslog === null ? [] : [syslog.sink])];
  const { format } = options;
  const log = createPinoLog({ level, format, now, after, sinks, switches, ...(write !== undefined && { write }) });
  return {
    ...{ log, folder, files, switches },
    close() {
      files?.close();
      syslog?.close();
    },
  };
}

function openSyslog({ hostName, after }: OpenLogsOptions, address: SyslogAddress, onFailure: (error: unknown) => void) {
  return new Syslog({ address, hostName, processId: process.pid, after, onFailure });
}
