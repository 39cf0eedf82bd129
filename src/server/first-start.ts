import { chmod, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { programSetups } from '../admin/program-setup.ts';
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

/** `::` takes IPv4 as well, `0.0.0.0` nothing else. */
function hostsOf(host: string, names: MachineNames): readonly string[] {
  if (host === '::') return [names.host, ...names.addresses];
  if (host === '0.0.0.0') return [names.host, ...names.addresses.filter((one) => isIP(one) === 4)];
  return [host];
}

/** URLs under which the listeners can be reached from elsewhere, the set one or the names first, https before http. */
export function reachableUrls(
  listeners: readonly { readonly url: string }[],
  settings: Pick<Settings, 'publicUrl'>,
  names: MachineNames,
): readonly string[] {
  const urls = listeners.flatMap(({ url }) => {
    const address = parseListenAddress(url);
    const hosts = hostsOf(address.host, names);
    return hosts.map((host) => ({ address: { ...address, host }, isLocal: isLoopback(host) }));
  });
  const rank = ({ address, isLocal }: (typeof urls)[number]) => (isLocal ? 2 : 0) + (address.scheme === 'http' ? 1 : 0);
  const sorted = urls.toSorted((a, b) => rank(a) - rank(b)).map(({ address }) => listenUrl(address));
  return [...new Set([...(settings.publicUrl ? [settings.publicUrl] : []), ...sorted])];
}

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

/** What a person types into a phone and into a calendar program. */
export function firstStartText(facts: FirstStartFacts): string {
  const { address, password, fingerprint } = facts;
  const [best = '', ...rest] = facts.urls;
  // Nobody elsewhere is helped by an address that only this machine reaches.
  const others = rest.filter((one) => !isLoopback(hostOf(one)));
  const programs = programSetups({ server: best, userName: address, password, protocols: null });
  const lines = [
    'Welcome to Causeway. These are the first user, an administrator, and what to type:',
    ...programs.flatMap(({ program, hint, fields }) => [
      '',
      program,
      ...(hint === '' ? [] : [`  ${hint}`]),
      ...fields.map(({ name, value }) => `  ${name.padEnd(12)}${value}`),
    ]),
  ];
  const site = best.replace(/\/+$/, '');
  lines.push(
    '',
    'In a browser: devices, users, rules and logs for administrators; for everybody their devices and app passwords',
    `  ${'Administer'.padEnd(12)}${site}/admin`,
    `  ${'Everybody'.padEnd(12)}${site}/me`,
  );
  if (isLoopback(hostOf(best))) {
    lines.push(
      '',
      'Only this machine itself reaches that address. For phones and other machines start with',
      '--listen https://0.0.0.0:8443, or, with a front end, name its address with --public-url.',
    );
  }
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
