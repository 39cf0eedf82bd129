import { readFileSync } from 'node:fs';
import { parseRelayUrl, type RelayAddress } from './relay-url.ts';

/**
 * The relay that the settings name, its password read from where they say; null when there is none.
 * @throws Error that names the file, the reason and the remedy, without a final full stop
 */
export function relayAddress(relay: {
  url?: string | undefined;
  passwordFile?: string | undefined;
}): RelayAddress | null {
  if (relay.url === undefined) return null;
  const address = parseRelayUrl(relay.url);
  return relay.passwordFile === undefined ? address : { ...address, password: readPassword(relay.passwordFile) };
}

function readPassword(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`relay.passwordFile ${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  if (line === '') throw new Error(`relay.passwordFile ${path} has no password on its first line`);
  return line;
}
