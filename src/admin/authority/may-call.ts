import type { AdministrationCall } from '../administration.ts';
import type { Authority } from './authority.ts';
import { CALL_RULES } from './call-rules.ts';

/** Whether a call may be made for somebody at all: what may not need not be offered. It decides nothing; `authorised` does. */
export function mayCall(authority: Authority, call: AdministrationCall): boolean {
  const { scope, isServerWide = false } = CALL_RULES[call];
  return authority.scopes.has(scope) && (authority.domain === null || !isServerWide);
}
