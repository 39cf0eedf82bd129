import { addressMatcher } from '../config/address-groups.ts';
import { GatewayError } from '../domain/errors.ts';
import { acting } from '../observe/acting.ts';

/**
 * Nobody limits the administration to addresses without their own: nothing but the command line could take that back. That one
 * has no address, and is not asked.
 * @throws GatewayError 'protected'
 */
export function requireOwnReach(ranges: readonly string[]): void {
  const { address } = acting();
  if (address === null || addressMatcher(ranges)(address)) return;
  const reason = `you come from ${address}, which is not in it, so you could not take it back`;
  const message = `The administration cannot be limited to ${ranges.join(', ') || 'nobody'} from here: ${reason}. Add ${address} first, or do it on the server's machine: causeway service set admin.`;
  throw new GatewayError('protected', { what: 'the service admin', reason }, message);
}
