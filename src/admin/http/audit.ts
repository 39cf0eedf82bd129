import { acting } from '../../observe/acting.ts';
import type { Log } from '../../observe/log.ts';
import { inLog } from '../../observe/log-names.ts';
import type { PlacedOperation } from './document.ts';

/** A request that changes something, or wanted to. */
export interface NotedWrite {
  readonly operation: PlacedOperation;
  /** What it is about: the named parts of its path, none of which is a secret. */
  readonly path: Readonly<Record<string, string>>;
  /** 'done', or the code of the refusal. */
  readonly outcome: string;
  /** Its id, as in the line that each request writes. */
  readonly request: string;
}

/** Areas whose changes decide who gets in, or what becomes of devices: they are told in the security log as well. */
const SECURITY_TAGS = new Set(['users', 'devices', 'access', 'policies', 'recordings', 'wipes', 'app-passwords']);

/**
 * Tells a write in the config log: who, from where, what, about what, and how it went. No body is told: some hold passwords.
 * What was refused for want of a right is in the security log in any case.
 */
export function noteWrite(log: Log, { operation, path, outcome, request }: NotedWrite): void {
  const { user: who, address } = acting();
  const fields = { who, address, call: operation.operationId, target: Object.values(path).join(' '), outcome, request };
  const message = outcome === 'done' ? 'admin api: done' : 'admin api: refused';
  inLog(log, 'config').info(fields, message);
  const isSecurity = operation.tags.some((tag) => SECURITY_TAGS.has(tag));
  if (isSecurity || outcome === 'access-denied') inLog(log, 'security').info(fields, message);
}
