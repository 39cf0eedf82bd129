import { isIP } from 'node:net';

/** One address to listen on. `host` is without brackets; port 0 lets the system choose. */
export interface ListenAddress {
  readonly scheme: 'https' | 'http';
  readonly host: string;
  readonly port: number;
}

const SHAPE = /^(https?):\/\/(\[[^\]]*\]|[^:/?#[\]@]+)(?::(\d{1,5}))?\/?$/i;
const HOST_NAME = /^(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.?$/i;

/**
 * Reads `https://HOST:PORT` or `http://HOST:PORT`; a missing port is the scheme's own (443, 80).
 * @throws TypeError with the reason, for a person.
 */
export function parseListenAddress(text: string): ListenAddress {
  const match = SHAPE.exec(text);
  if (!match) throw new TypeError(`"${text}" is not of the form https://HOST:PORT or http://HOST:PORT`);
  const scheme = match[1]!.toLowerCase() === 'https' ? 'https' : 'http';
  const port = match[3] === undefined ? (scheme === 'https' ? 443 : 80) : Number(match[3]);
  if (port > 65_535) throw new TypeError(`"${text}": ${port} is not a port (0 to 65535)`);
  const bracketed = match[2]!.startsWith('[');
  const host = bracketed ? match[2]!.slice(1, -1) : match[2]!;
  if (bracketed ? isIP(host) !== 6 : isIP(host) !== 4 && !HOST_NAME.test(host)) {
    throw new TypeError(`"${text}": "${host}" is neither a host name nor an address`);
  }
  return { scheme, host, port };
}

/** The URL of an address, with brackets round IPv6 and without the scheme's own port. */
export function listenUrl(address: ListenAddress): string {
  const host = isIP(address.host) === 6 ? `[${address.host}]` : address.host;
  return `${address.scheme}://${host}:${address.port}`;
}

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
