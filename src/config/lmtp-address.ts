import { isIP } from 'node:net';

/** Where LMTP is spoken: a TCP address, or a socket file. */
export type LmtpAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

const SHAPE = /^lmtp:\/\/(\[[^\]]*\]|[^:/?#[\]@]+):(\d{1,5})\/?$/i;
const HOST_NAME = /^(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.?$/i;
/** What `sockaddr_un` holds, with its end (unix(7)). */
const MAX_PATH_BYTES = 107;

/**
 * Reads `lmtp://HOST:PORT` or `unix:/path/of/socket`; port 0 lets the system choose.
 * @throws TypeError with the reason, for a person.
 */
export function parseLmtpAddress(text: string): LmtpAddress {
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length);
    if (!path.startsWith('/')) throw new TypeError(`"${text}": the path of a socket begins with /`);
    if (Buffer.byteLength(path) > MAX_PATH_BYTES)
      throw new TypeError(`"${text}": the path is longer than ${MAX_PATH_BYTES} bytes`);
    return { kind: 'unix', path };
  }
  const match = SHAPE.exec(text);
  if (match === null) throw new TypeError(`"${text}" is not of the form lmtp://HOST:PORT or unix:/PATH`);
  const port = Number(match[2]);
  if (port > 65_535) throw new TypeError(`"${text}": ${port} is not a port (0 to 65535)`);
  const isBracketed = match[1]!.startsWith('[');
  const host = isBracketed ? match[1]!.slice(1, -1) : match[1]!;
  if (isBracketed ? isIP(host) !== 6 : isIP(host) !== 4 && !HOST_NAME.test(host)) {
    throw new TypeError(`"${text}": "${host}" is neither a host name nor an address`);
  }
  return { kind: 'tcp', host, port };
}
