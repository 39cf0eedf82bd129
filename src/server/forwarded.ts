import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { TLSSocket } from 'node:tls';
import { addRange } from '../config/settings-schema.ts';

/** Where a request really came from. */
export interface ClientConnection {
  readonly remoteAddress: string;
  readonly isSecure: boolean;
}

/** IPv4 addresses arrive in IPv6 form on a socket that takes both (RFC 4291 §2.5.5.2). */
function plainAddress(address: string): string {
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address;
}

/** An entry of X-Forwarded-For, which may carry a port; null when it is no address. */
function forwardedAddress(entry: string): string | null {
  const text = entry.trim();
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(bare) ? plainAddress(bare) : null;
}

/**
 * Reads the client's address through trusted front ends only: from the right, the first that is not one of them.
 * Anybody can write anything to the left of that.
 */
export function createClientReader(trusted: readonly string[]): (request: IncomingMessage) => ClientConnection {
  const list = new BlockList();
  for (const range of trusted) addRange(list, range);
  const isTrusted = (address: string) =>
    isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return (request) => {
    const peer = plainAddress(request.socket.remoteAddress ?? '');
    const isTls = request.socket instanceof TLSSocket;
    if (!isTrusted(peer)) return { remoteAddress: peer, isSecure: isTls };
    const hops = String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .reverse();
    let remoteAddress = peer;
    for (const hop of hops) {
      const address = forwardedAddress(hop);
      if (address === null) break;
      remoteAddress = address;
      if (!isTrusted(address)) break;
    }
    const scheme = String(request.headers['x-forwarded-proto'] ?? '')
      .split(',')
      .at(-1)
      ?.trim()
      .toLowerCase();
    return { remoteAddress, isSecure: isTls || scheme === 'https' };
  };
}
