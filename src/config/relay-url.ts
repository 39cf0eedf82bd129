/** How the relay is reached, from the settings. */
export interface RelayAddress {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps`). */
  readonly isSecure: boolean;
  /** Null when the relay knows this server by its address. */
  readonly user: string | null;
  readonly password: string | null;
}

const FORM = 'smtp://HOST, smtp://USER@HOST:PORT or smtps://…';

/**
 * Reads `smtp://[USER[:PASSWORD]@]HOST[:PORT]` or `smtps://…`; ports are 587 and 465 (RFC 6409, RFC 8314) where none is given.
 * @throws TypeError with the reason, without the password.
 */
export function parseRelayUrl(text: string): RelayAddress {
  const match = /^(smtps?):\/\/(?:([^@/]*)@)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?\/?$/i.exec(text);
  if (match === null)
    throw new TypeError(`it is not of the form ${FORM}; % @ : / in a name or password are written %25 %40 %3A %2F`);
  const isSecure = match[1]!.toLowerCase() === 'smtps';
  const port = match[4] === undefined ? (isSecure ? 465 : 587) : Number(match[4]);
  if (port < 1 || port > 65_535) throw new TypeError(`${port} is not a port (1 to 65535)`);
  const [user, ...rest] = (match[2] ?? '').split(':');
  const password = rest.length === 0 ? null : decode(rest.join(':'));
  return { host: match[3]!.replace(/^\[|\]$/g, ''), port, isSecure, user: user ? decode(user) : null, password };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) throw new TypeError('its user name or password has a % that is not written %25');
    throw error;
  }
}
