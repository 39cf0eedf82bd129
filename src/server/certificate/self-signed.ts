import { createHash, generateKeyPair, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import type { RandomBytes } from '../../domain/clock.ts';
import * as der from './der.ts';

export const DAY_MS = 86_400_000;

/** Apple's platforms refuse server certificates valid for more than 398 days; 397 leaves a day for backdating. */
const VALID_DAYS = 397;

const SHA256_WITH_RSA = der.sequence(der.objectId('1.2.840.113549.1.1.11'), der.nothing());

/** A certificate and its key, both PEM. */
export interface KeyPairPem {
  readonly cert: string;
  readonly key: string;
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  // The URL parser writes IPv6 in its one short form without embedded IPv4, so only "::" is left to fill.
  const [head = '', tail] = new URL(`http://[${address.split('%')[0]}]/`).hostname.slice(1, -1).split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const missing = 8 - groups(head).length - groups(tail ?? '').length;
  const all = [...groups(head), ...Array<string>(tail === undefined ? 0 : missing).fill('0'), ...groups(tail ?? '')];
  return Buffer.from(all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]));
}

/** RFC 5280 §4.2.1.6: dNSName is [2], iPAddress is [7]. */
function alternativeNames(names: readonly string[]): der.Der {
  return der.sequence(
    ...names.map((name) =>
      isIP(name)
        ? der.tagged(7, 'primitive', addressBytes(name))
        : der.tagged(2, 'primitive', Buffer.from(name, 'ascii')),
    ),
  );
}

function extension(id: string, critical: boolean, value: der.Der): der.Der {
  return der.sequence(der.objectId(id), ...(critical ? [der.boolean(true)] : []), der.octetString(value));
}

function extensions(names: readonly string[], spki: Buffer): der.Der {
  const keyId = createHash('sha1').update(spki).digest();
  return der.tagged(
    3,
    'constructed',
    der.sequence(
      // Not a CA: programs that pin their own rules refuse a CA certificate as a server's (RFC 5280 §4.2.1.9).
      extension('2.5.29.19', true, der.sequence()),
      // digitalSignature (bit 0) and keyEncipherment (bit 2), the latter for RSA key exchange of old phones.
      extension('2.5.29.15', true, der.bitString(Buffer.from([0b1010_0000]), 5)),
      extension('2.5.29.37', false, der.sequence(der.objectId('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', false, alternativeNames(names)),
      extension('2.5.29.14', false, der.octetString(keyId)),
      extension('2.5.29.35', false, der.sequence(der.tagged(0, 'primitive', keyId))),
    ),
  );
}

function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/**
 * A new RSA 2048 key and a certificate for it, signed by itself, for TLS servers only
 * (docs/decisions/0004-certificates.md). Valid from one day before `now`, for clocks that are slow.
 * @param names Host names and addresses for subjectAltName; the first is the common name too.
 */
export async function createSelfSigned(
  names: readonly string[],
  now: number,
  random: RandomBytes,
): Promise<KeyPairPem> {
  const [first] = names;
  if (first === undefined) throw new TypeError('a certificate needs a name');
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
  // RFC 5280 §4.1.2.2: positive, at most 20 octets. The set bit keeps it from being zero.
  const serial = Buffer.from(random(16));
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  // X.520 allows 64 characters in a common name; nothing reads it where subjectAltName is present.
  const name = der.sequence(der.set(der.sequence(der.objectId('2.5.4.3'), der.utf8String(first.slice(0, 64)))));
  const notBefore = Math.floor(now / 1000) * 1000 - DAY_MS;
  const body = der.sequence(
    der.tagged(0, 'constructed', der.integer(Buffer.from([2]))),
    der.integer(serial),
    SHA256_WITH_RSA,
    name,
    der.sequence(der.time(notBefore), der.time(notBefore + VALID_DAYS * DAY_MS)),
    name,
    spki,
    extensions(names, spki),
  );
  const signature = sign('sha256', body, pair.privateKey);
  return {
    cert: pem('CERTIFICATE', der.sequence(body, SHA256_WITH_RSA, der.bitString(signature))),
    key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
