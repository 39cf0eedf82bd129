import type { AdminRole, AdminScope } from '../../../domain/admin-role.ts';
import { type Html, html } from '../html.ts';
import { badge } from './texts.ts';

/** What each scope lets somebody do, in words. */
export const SCOPE_WORDS: Readonly<Record<AdminScope, string>> = {
  read: 'look at people, devices and settings',
  helpdesk: 'help people: passwords, approval and resync of devices, recorder, logs',
  wipe: 'wipe devices',
  admin: 'change everything else: users, rules, policies, services',
};

export function roleBadge(role: AdminRole | null): Html {
  if (role === null) return html`<span class="muted">–</span>`;
  const where = role.domain ?? 'whole server';
  return html`${badge(role.scopes.join(', '), 'plain')} <span class="muted">${where}</span>`;
}

export function userLink(address: string): Html {
  return html`<a href="/admin/users/${encodeURIComponent(address)}">${address}</a>`;
}
