import { isIP } from 'node:net';

/** Where syslog messages go. */
export type SyslogAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'udp' | 'tcp'; readonly host: string; readonly port: number };

/** RFC 5426 §3.3; RFC 6587 has no port of its own for TCP, and everybody takes the same. */
const PORT = 514;
const NETWORK = /^(udp|tcp):\/\/(\[[^\]]+\]|[^:/\s]+)(?::(\d{1,5}))?\/?$/;

/** `unix:/PATH`, `udp://HOST[:PORT]` or `tcp://HOST[:PORT]`. @throws TypeError with the reason */
export function parseSyslogAddress(text: string): SyslogAddress {
  if (text.startsWith('unix:/')) return { kind: 'unix', path: text.slice('unix:'.length) };
  const match = NETWORK.exec(text);
  if (match === null) throw wrong(text);
  const host = match[2]!.replace(/^\[|\]$/g, '');
  const port = match[3] === undefined ? PORT : Number(match[3]);
  if (port < 1 || port > 65_535) throw wrong(text);
  if (match[2]!.startsWith('[') && isIP(host) !== 6) throw wrong(text);
  return { kind: match[1] as 'udp' | 'tcp', host, port };
}

function wrong(text: string): TypeError {
  return new TypeError(`"${text}" is not of the form unix:/dev/log, udp://HOST:514 or tcp://HOST:514`);
}
