import type { AdminScope, Authority } from '../../domain/admin-role.ts';
import { GatewayError } from '../../domain/errors.ts';
import { formatAddress, parseAddress } from '../address.ts';

export type { Authority } from '../../domain/admin-role.ts';

/** @throws GatewayError 'access-denied' that names the scope */
export function requireScope(authority: Authority, scope: AdminScope): void {
  if (authority.scopes.has(scope)) return;
  const message = `This needs the scope "${scope}", which the role of ${authority.address} does not have; "user role" gives it.`;
  throw new GatewayError('access-denied', { right: scope }, message);
}

/** @throws GatewayError 'access-denied' for who is kept to a domain */
export function requireWholeServer(authority: Authority): void {
  if (authority.domain === null) return;
  const message = `This is about the whole server; the role of ${authority.address} is for ${authority.domain} only.`;
  throw new GatewayError('access-denied', { right: 'whole-server' }, message);
}

/** Judged by the domain alone, so that nobody learns who is there elsewhere. @throws GatewayError 'access-denied' | 'name-invalid' */
export function requireAddress(authority: Authority, address: string): void {
  if (authority.domain !== null) requireDomain(authority, parseAddress(address).domain);
}

/** @throws GatewayError 'access-denied' */
export function requireDomain(authority: Authority, domain: string): void {
  if (authority.domain === null || domain.toLowerCase() === authority.domain) return;
  const message = `The role of ${authority.address} is for ${authority.domain} only, not for ${domain}.`;
  throw new GatewayError('access-denied', { right: `domain ${domain}` }, message);
}

/** @throws GatewayError 'access-denied' for what people say about themselves alone */
export function requireSelf(asked: {
  readonly authority: Authority;
  readonly input: { readonly address: string };
}): void {
  if (formatAddress(parseAddress(asked.input.address)) === asked.authority.address) return;
  const message = `Only ${asked.input.address} can say this.`;
  throw new GatewayError('access-denied', { right: 'self' }, message);
}

/** Whether an address of a list is for these eyes. */
export function isWithin(authority: Authority, address: string): boolean {
  return authority.domain === null || address.endsWith(`@${authority.domain}`);
}
