import { ADMIN_SCOPES, type AdminRole, isAdminScope } from '../../domain/admin-role.ts';
import { GatewayError } from '../../domain/errors.ts';
import { parseAddress } from '../address.ts';

/**
 * A role as somebody gave it, in its plain form: scopes in order and once each, the domain in lower case.
 * @throws GatewayError 'object-invalid' that says what is wrong
 */
export function checkedRole(given: unknown): AdminRole | null {
  if (given === null) return null;
  if (typeof given !== 'object' || given === undefined) throw invalid('a role is an object, or null for none');
  const { scopes, domain } = given as { readonly scopes?: unknown; readonly domain?: unknown };
  if (!Array.isArray(scopes) || scopes.length === 0) throw invalid('a role has at least one scope');
  const unknown = scopes.find((scope) => !isAdminScope(scope));
  if (unknown !== undefined) throw invalid(`"${String(unknown)}" is no scope; there are ${ADMIN_SCOPES.join(', ')}`);
  if (domain !== null && typeof domain !== 'string')
    throw invalid('the domain is a name, or null for the whole server');
  return { scopes: ADMIN_SCOPES.filter((scope) => scopes.includes(scope)), domain: checkedDomain(domain) };
}

function checkedDomain(domain: string | null): string | null {
  return domain === null ? null : parseAddress(`x@${domain}`).domain;
}

function invalid(reason: string): GatewayError {
  return new GatewayError('object-invalid', { reason }, `This cannot be a role: ${reason}.`);
}
