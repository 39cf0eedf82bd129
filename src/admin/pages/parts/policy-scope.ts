import type { PolicyScope } from '../../../config/device-policies.ts';
import { type Html, html } from '../html.ts';

/** For whom a policy is, in words. */
export function scopeWords(scope: PolicyScope): string {
  switch (scope.kind) {
    case 'everybody':
      return 'Everybody';
    case 'domain':
      return `Domain ${scope.name}`;
    case 'group':
      return `Group ${scope.name}`;
    case 'user':
      return `User ${scope.address}`;
    case 'device':
      return `Device ${scope.device} of ${scope.address}`;
  }
}

/** Where the policy of a scope is looked at and changed. */
export function scopePath(scope: PolicyScope): string {
  return `/admin/policies?${new URLSearchParams({ ...scope }).toString()}`;
}

export function scopeLink(scope: PolicyScope, words = scopeWords(scope)): Html {
  return html`<a href="${scopePath(scope)}">${words}</a>`;
}

/** The scope that a page's query names; null for none, or half a one. */
export function scopeOf(query: URLSearchParams): PolicyScope | null {
  const word = (name: string) => query.get(name)?.trim() ?? '';
  const [kind, name, address, device] = [word('kind'), word('name'), word('address'), word('device')];
  if (kind === 'everybody') return { kind };
  if ((kind === 'domain' || kind === 'group') && name !== '') return { kind, name };
  if (kind === 'user' && address !== '') return { kind, address };
  return kind === 'device' && address !== '' && device !== '' ? { kind, address, device } : null;
}
