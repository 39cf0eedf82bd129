import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLoopback, listenUrl, parseListenAddress } from '../config/listen-address.ts';
import type { Settings } from '../config/settings-schema.ts';
import type { MachineNames } from './certificate/machine-names.ts';

const FIRST_START_FILE = 'first-start.txt';

export interface FirstStartFacts {
  readonly address: string;
  readonly password: string;
  /** Where people reach the server, best first. */
  readonly urls: readonly string[];
  /** SHA-256 of an own certificate, which every device asks about; null when there is none. */
  readonly fingerprint: string | null;
}

/** URLs under which the listeners can be reached from elsewhere, the set one or the names first, https before http. */
export function reachableUrls(
  listeners: readonly { readonly url: string }[],
  settings: Pick<Settings, 'publicUrl'>,
  names: MachineNames,
): readonly string[] {
  const urls = listeners.flatMap(({ url }) => {
    const address = parseListenAddress(url);
    const isEverywhere = address.host === '0.0.0.0' || address.host === '::';
    const hosts = isEverywhere ? [names.host, ...names.addresses] : [address.host];
    return hosts.map((host) => ({ address: { ...address, host }, isLocal: isLoopback(host) }));
  });
  const rank = ({ address, isLocal }: (typeof urls)[number]) => (isLocal ? 2 : 0) + (address.scheme === 'http' ? 1 : 0);
  const sorted = urls.toSorted((a, b) => rank(a) - rank(b)).map(({ address }) => listenUrl(address));
  return [...new Set([...(settings.publicUrl ? [settings.publicUrl] : []), ...sorted])];
}

/** What a person types into a phone and into a calendar program. */
export function firstStartText(facts: FirstStartFacts): string {
  const { address, password, fingerprint } = facts;
  const [best = '', ...others] = facts.urls;
  const url = new URL(best);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const lines = [
    'Welcome to Causeway. These are the first user, an administrator, and what to type:',
    '',
    'iPhone, iPad, Mac: add an account of type "Other", CalDAV for calendars and CardDAV for contacts',
    `  Server      ${url.hostname}`,
    `  Port        ${port}  (under Advanced; SSL ${url.protocol === 'https:' ? 'on' : 'off'})`,
    `  User name   ${address}`,
    `  Password    ${password}`,
    '',
    'Android (DAVx5), Thunderbird, Evolution and other calendar and contact programs',
    `  URL         ${best}/`,
    `  User name   ${address}`,
    `  Password    ${password}`,
  ];
  if (others.length > 0)
    lines.push('', 'If that name is not known in your network, use instead:', ...others.map((other) => `  ${other}/`));
  if (fingerprint) {
    lines.push(
      '',
      'Causeway made its own certificate, so each device asks once whether to trust it. Compare (SHA-256):',
    );
    lines.push(`  ${fingerprint.slice(0, 47)}`, `  ${fingerprint.slice(48)}`);
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Keeps the text for its owner only: a terminal that was closed too early must not lock people out of a new server.
 * @returns the file's path
 */
export async function writeFirstStart(folder: string, text: string): Promise<string> {
  const path = join(folder, FIRST_START_FILE);
  await writeFile(path, `${text}\nRemove this file once the password is known or changed.\n`, {
    mode: 0o600,
    flush: true,
  });
  await chmod(path, 0o600);
  return path;
}
