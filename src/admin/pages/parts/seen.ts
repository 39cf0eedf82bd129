import { createHash } from 'node:crypto';
import { GatewayError } from '../../../domain/errors.ts';

/** Names a state of something that several people may change. */
export function seenMark(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);
}

/**
 * A change goes to what its author saw, or nowhere.
 * @throws GatewayError 'revision-mismatch'
 */
export function requireSeen(value: unknown, mark: string, what: string): void {
  const actual = seenMark(value);
  if (actual === mark) return;
  const message = `${what} were changed meanwhile, so nothing was done. They are shown as they are now: change them again.`;
  throw new GatewayError('revision-mismatch', { expected: mark, actual }, message);
}
