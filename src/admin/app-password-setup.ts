import type { AppPasswordSetup } from './calls/app-passwords.ts';
import { programSetups, type SetupFacts } from './program-setup.ts';

/**
 * How a new app password is used. The text for the QR code is plain: no program takes a password from a scheme of its own
 * that all understand, while every phone offers to copy a text that it scanned.
 */
export function setupOf(facts: SetupFacts & { readonly password: string }): AppPasswordSetup {
  const { server, userName, password } = facts;
  const lines = [...(server === null ? [] : [`Server: ${server}`]), `User name: ${userName}`, `Password: ${password}`];
  return { server, userName, programs: programSetups(facts), text: lines.join('\n') };
}
