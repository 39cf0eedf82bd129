import { hostname, networkInterfaces } from 'node:os';
import { parseListenAddress } from '../../config/listen-address.ts';
import type { Settings } from '../../config/settings-schema.ts';

const DNS_NAME = /^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/i;

/** What the machine can be called: its host name first, where it is a usable one. */
export interface MachineNames {
  readonly host: string;
  /** Addresses of its interfaces, without loopback and link-local ones. */
  readonly addresses: readonly string[];
}

/** Asks the system. */
export function machineNames(): MachineNames {
  const host = hostname().toLowerCase();
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((one) => !one.internal && !/^(fe80:|169\.254\.)/i.test(one.address))
    .map((one) => one.address);
  return { host: DNS_NAME.test(host) ? host : 'localhost', addresses: [...new Set(addresses)] };
}

/** Hosts that the settings name, the first in `tls.names`: people are told them, so the certificate must carry them. */
export function settingNames(settings: Pick<Settings, 'listen' | 'publicUrl' | 'tls'>): readonly string[] {
  const listened = settings.listen
    .map((text) => parseListenAddress(text).host.toLowerCase())
    .filter((host) => host !== '0.0.0.0' && host !== '::');
  const told = settings.publicUrl ? [new URL(settings.publicUrl).hostname.replace(/^\[|\]$/g, '')] : [];
  return [...settings.tls.names, ...told, ...listened];
}

/** Names for the certificate's subjectAltName, the names people were told first, without repeats. */
export function certificateNames(machine: MachineNames, further: readonly string[]): readonly string[] {
  return [...new Set([...further, machine.host, 'localhost', '127.0.0.1', '::1', ...machine.addresses])];
}
