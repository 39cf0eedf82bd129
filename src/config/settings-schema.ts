import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { parseListenAddress } from './listen-address.ts';
import { parseLmtpAddress } from './lmtp-address.ts';
import { parseRelayUrl } from './relay-url.ts';
import { parseSyslogAddress } from './syslog-address.ts';

/** Values that are paths: those from a file are relative to the file's folder, others to the working folder. */
export const PATH_KEYS: ReadonlySet<string> = new Set(['data', 'tls.cert', 'tls.key', 'relay.passwordFile']);

/** Values that may hold a secret: never shown, neither in a message about them nor in a log. */
export const SECRET_KEYS: ReadonlySet<string> = new Set(['relay.url']);

/** An address or CIDR range, added to a `BlockList`. @throws TypeError with the reason. */
export function addRange(list: BlockList, text: string): void {
  const [address = '', prefix, rest] = text.split('/');
  const family = isIP(address);
  const bits = prefix === undefined ? null : Number(prefix);
  const most = family === 6 ? 128 : 32;
  if (family === 0 || rest !== undefined || (bits !== null && !(/^\d+$/.test(prefix ?? '') && bits <= most))) {
    throw new TypeError(`"${text}" is neither an address nor a range such as 10.0.0.0/8`);
  }
  const type = family === 6 ? 'ipv6' : 'ipv4';
  if (bits === null) list.addAddress(address, type);
  else list.addSubnet(address, bits, type);
}

function refuses(check: (text: string) => void) {
  return (context: { value: string; issues: unknown[] }) => {
    try {
      check(context.value);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      context.issues.push({ code: 'custom', message: error.message, input: context.value });
    }
  };
}

const listenAddress = z.string().check(refuses(parseListenAddress));
const lmtpAddress = z.string().check(refuses(parseLmtpAddress));
const relayUrl = z.string().check(refuses(parseRelayUrl));
const range = z.string().check(refuses((text) => addRange(new BlockList(), text)));
const syslogAddress = z.string().check(refuses((text) => void parseSyslogAddress(text)));
const hostName = z
  .string()
  .regex(/^[a-z0-9*](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i, 'is not a host name')
  .transform((name) => name.toLowerCase());

/**
 * Every start-up setting, once: parsing, defaults, messages and docs/configuration.md all come from here.
 * Descriptions are Markdown. Settings that can change while the server runs live in the directory store, not here.
 */
export const SETTINGS_SCHEMA = z.strictObject({
  data: z
    .string()
    .min(1, 'is empty')
    .default('./data')
    .describe('Folder of everything Causeway keeps. It is created, for its owner only, when it is missing.'),
  listen: z
    .array(listenAddress)
    .min(1, 'names no address: the server could not be reached')
    .default(['https://0.0.0.0:8443'])
    .describe(
      'Addresses to listen on, `https://HOST:PORT` or `http://HOST:PORT`. IPv6 addresses stand in brackets; port 0 lets the system choose one. ' +
        'A plain `http` address takes passwords in clear: use it behind a front end that speaks TLS, or on this machine only.',
    ),
  publicUrl: z
    .string()
    .regex(/^https?:\/\/[^\s/?#@]+\/?$/i, 'is not of the form https://HOST or https://HOST:PORT')
    .transform((url) => url.replace(/\/$/, ''))
    .optional()
    .describe(
      'The address people type when it is not one of `listen`, e.g. that of a front end. Shown at first start.',
    ),
  hostName: hostName
    .optional()
    .describe(
      "Name of this server: people are told it at first start, the certificate that Causeway makes carries it, and the first user's mail domain comes from it (`mail.example.org` gives `admin@example.org`). Without it: the machine's own name.",
    ),
  tls: z
    .strictObject({
      cert: z
        .string()
        .min(1, 'is empty')
        .optional()
        .describe(
          'PEM file with the certificate and its chain, read again on SIGHUP. Goes with `tls.key`. Without both, Causeway makes a certificate and keeps it in the data folder.',
        ),
      key: z
        .string()
        .min(1, 'is empty')
        .optional()
        .describe('PEM file with the private key of `tls.cert`, without a passphrase.'),
      names: z
        .array(z.union([hostName, z.ipv4(), z.ipv6()]))
        .default([])
        .describe(
          'Further host names and addresses for the certificate that Causeway makes, e.g. the name people type.',
        ),
      minVersion: z
        .enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'])
        .default('TLSv1.2')
        .describe(
          'Oldest TLS version taken. TLSv1 and TLSv1.1 are broken and only for phones that know nothing newer; they also allow the weak ciphers those phones need.',
        ),
    })
    .prefault({}),
  store: z
    .enum(['sqlite'])
    .default('sqlite')
    .describe('Where mailboxes are kept. `sqlite`: a database in the data folder.'),
  trustedProxies: z
    .array(range)
    .default([])
    .describe(
      "Addresses or ranges of front ends whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. Anyone else's are ignored.",
    ),
  lmtp: z
    .strictObject({
      listen: z
        .array(lmtpAddress)
        .default([])
        .describe(
          'Where a mail server such as Postfix delivers by LMTP: `lmtp://HOST:PORT` or `unix:/PATH`, a socket file. LMTP knows no passwords: whoever may connect may deliver.',
        ),
      allow: z
        .array(range)
        .default(['127.0.0.0/8', '::1'])
        .describe(
          'Addresses or ranges from which messages are taken over TCP. A socket file is guarded by the rights of its folder.',
        ),
      maxMessageBytes: z
        .number()
        .int()
        .min(64 * 1024)
        .max(512 * 1024 * 1024)
        .default(50 * 1024 * 1024)
        .describe('Largest message, in bytes, that is taken by LMTP or from a program that sends.'),
    })
    .prefault({}),
  relay: z
    .strictObject({
      url: relayUrl
        .optional()
        .describe(
          'The server that takes mail for other servers: `smtp://HOST:PORT` (587 when no port is given; TLS by STARTTLS, which is not needed on 127.0.0.1) or `smtps://HOST:PORT` (465). ' +
            'With `USER@` or `USER:PASSWORD@` before the host it signs in; `% @ : /` in these are written `%25 %40 %3A %2F`. Without it mail for other servers is kept in the Outbox.',
        ),
      passwordFile: z
        .string()
        .min(1, 'is empty')
        .optional()
        .describe('File with the password of the user in `relay.url`, on its first line.'),
      allowInvalidCertificate: z
        .boolean()
        .default(false)
        .describe(
          '`true` sends to a relay whose certificate is wrong, and, without a user, to one that has no TLS: for a relay on a network that nobody else is on.',
        ),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z
        .enum(['debug', 'info', 'warn', 'error'])
        .default('info')
        .describe('Least important kind of line written. `debug` also tells of refused connections and bad TLS.'),
      format: z
        .enum(['auto', 'json', 'text'])
        .default('auto')
        .describe(
          '`json`: one object a line, on standard output. `text`: for people. `auto`: text on a terminal, else JSON.',
        ),
      files: z
        .boolean()
        .default(true)
        .describe(
          'Keeps each log as a file of JSON lines, `logs/NAME.log` in the data folder, for `causeway log show`. docs/logs.md tells which logs there are.',
        ),
      rotateBytes: z
        .number()
        .int()
        .min(64 * 1024)
        .max(1024 * 1024 * 1024)
        .default(10 * 1024 * 1024)
        .describe('A log file that would grow beyond so many bytes is put aside as `NAME.1.log`, and a new one begun.'),
      rotateDays: z
        .number()
        .int()
        .min(1)
        .max(3650)
        .default(30)
        .describe('So is a log file whose first line is so many days old.'),
      keep: z
        .number()
        .int()
        .min(1)
        .max(100)
        .default(5)
        .describe('How many files that were put aside stay of each log; older ones are removed.'),
      syslog: syslogAddress
        .optional()
        .describe(
          'A syslog server that gets every line too (RFC 5424): `unix:/dev/log`, `udp://HOST:PORT` or `tcp://HOST:PORT` (514 when no port is given).',
        ),
      subjects: z
        .boolean()
        .default(true)
        .describe('Whether the operations log holds the subject of a message that was removed or moved.'),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      allow: z
        .array(range)
        .default(['127.0.0.0/8', '::1'])
        .describe(
          'Addresses or ranges that may read `/metrics` without signing in. Others sign in as an administrator, and so do requests that a front end forwards which is not one of `trustedProxies`.',
        ),
    })
    .prefault({}),
  limits: z
    .strictObject({
      connections: z
        .number()
        .int()
        .min(1)
        .max(1_000_000)
        .default(10_000)
        .describe('Connections held at one time, for each address in `listen`. Further ones are closed at once.'),
      itemBytes: z
        .number()
        .int()
        .min(1024)
        .max(1024 * 1024 * 1024)
        .default(10 * 1024 * 1024)
        .describe('Largest single event, task, note or contact, in bytes.'),
      graceSeconds: z
        .number()
        .min(0)
        .max(3600)
        .default(10)
        .describe('Longest time that requests in flight are given to finish when the server is told to stop.'),
    })
    .prefault({}),
});

/** The start-up settings, valid and complete. */
export type Settings = z.output<typeof SETTINGS_SCHEMA>;
