import { isIP } from 'node:net';
import { generatePassword } from '../auth/generate-password.ts';
import type { RandomBytes } from '../domain/clock.ts';
import type { Administration } from './administration.ts';

export type FirstStart =
  | { readonly created: false }
  | { readonly created: true; readonly address: string; readonly password: string };

/**
 * Gives an empty directory its first user, `admin@<domain>`, an administrator with a mailbox. The password is in the
 * result only: show it once. The domain is the one given, else that of the machine's name.
 */
export async function firstStart(
  administration: Administration,
  given: { readonly hostName: string; readonly domain?: string; readonly random: RandomBytes },
): Promise<FirstStart> {
  if ((await administration.userList()).length > 0) return { created: false };
  const password = generatePassword(given.random);
  const address = `admin@${given.domain ?? mailDomain(given.hostName)}`;
  await administration.userAdd({ address, password, isAdmin: true, displayName: null });
  return { created: true, address, password };
}

/** `mail.example.org` serves example.org; a name without a domain says nothing about addresses, so localhost it is. */
export function mailDomain(hostName: string): string {
  const name = hostName.trim().toLowerCase().replace(/\.$/, '');
  const labels = name.split('.');
  if (isIP(name) !== 0 || labels.length < 2 || !labels.every((label) => /^[a-z0-9-]+$/.test(label))) return 'localhost';
  return labels.length === 2 ? name : labels.slice(1).join('.');
}
