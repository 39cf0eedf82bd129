import { LEVELS, type LogName } from '../log-names.ts';
import type { LogLine } from '../pino-log.ts';

/** RFC 5424 §6.2.1: 2 is mail, 3 daemons, 10 security and sign-ins (4 as well, for private messages). */
const FACILITY: Readonly<Record<LogName, number>> = {
  mail: 2,
  security: 10,
  config: 3,
  operations: 3,
  warning: 3,
  error: 3,
  debug: 3,
  server: 3,
};

/** RFC 5424 §6.1: what a receiver should take; Node's lines are ASCII and UTF-8, cut between characters. */
const MOST_BYTES = 8 * 1024;

export interface SyslogIdentity {
  readonly hostName: string;
  readonly processId: number;
}

function severityOf(level: number): number {
  if (level >= LEVELS.error) return 3;
  if (level >= LEVELS.warn) return 4;
  return level >= LEVELS.info ? 6 : 7;
}

export function priorityOf({ log, level }: LogLine): number {
  return FACILITY[log] * 8 + severityOf(level);
}

/** The message of a line: its JSON without the time and level that syslog tells itself. */
export function syslogText({ json }: LogLine): string {
  const { level: _level, time: _time, ...rest } = JSON.parse(json) as Record<string, unknown>;
  return cut(JSON.stringify(rest));
}

/** RFC 5424 §6: a line as one syslog message, its log as MSGID. */
export function syslogMessage(line: LogLine, { hostName, processId }: SyslogIdentity): string {
  const { time } = JSON.parse(line.json) as { time: number };
  const at = new Date(time).toISOString();
  // §6.2.4: printable ASCII, at most 255.
  const host = hostName.replace(/[^!-~]/g, '').slice(0, 255) || '-';
  return `<${priorityOf(line)}>1 ${at} ${host} causeway ${processId} ${line.log} - ${syslogText(line)}`;
}

function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MOST_BYTES) return text;
  return `${new TextDecoder().decode(bytes.subarray(0, MOST_BYTES)).replace(/\ufffd+$/, '')}…`;
}
