import { type CapturedMessage, LEFT_OUT_HEADER } from '../capture.ts';
import type { Masker, WireFormat } from '../wire-format.ts';
import { maskContentLines } from './content-lines.ts';
import { maskMime } from './mime.ts';
import { maskHref, maskPath, type PathRule } from './paths.ts';
import { maskXml } from './xml.ts';

/** Headers whose values are about the protocol. Values of others are masked: nobody knows what clients put there. */
const PLAIN_HEADERS = new Set(
  [
    'host server user-agent accept accept-language accept-charset accept-encoding content-type content-language vary',
    'cache-control pragma expires etag last-modified if-match if-none-match if-modified-since if-unmodified-since if-range',
    'range content-range depth overwrite brief prefer preference-applied timeout expect dav allow retry-after upgrade te',
    'www-authenticate x-content-type-options referrer-policy content-security-policy x-requested-with sec-fetch-mode dnt',
    'ms-asprotocolversion ms-asprotocolversions ms-asprotocolcommands ms-server-activesync ms-asacceptmultipart x-ms-rp',
    'x-ms-wl x-ms-location x-ms-asthrottle client-request-id authorization www-authenticate accept-ranges schedule-tag',
    'proxy-authorization cookie set-cookie x-ms-buildversion strict-transport-security causeway-body-left-out',
  ].flatMap((line) => line.split(' ')),
);
/** Headers that name resources. */
const PATH_HEADERS = new Set(['destination', 'location', 'content-location']);

/** What masking goes by. */
export interface Redaction {
  readonly masker: Masker;
  readonly formats: readonly WireFormat[];
  /** Steps of paths that stay beside those of the formats: the recorded person's own address. Lower case. */
  readonly plainSteps: readonly string[];
}

/** A request with everything masked that people wrote. Its headers are without credentials already. */
export function redactRequest(request: CapturedMessage, redaction: Redaction): CapturedMessage {
  const [method = '', target = '', version = ''] = request.startLine.split(' ');
  const masked = maskTarget(target, redaction);
  return { ...redactMessage(request, pathOf(request), redaction), startLine: `${method} ${masked} ${version}` };
}

/** The same of what was answered to a request for this path. */
export function redactMessage(message: CapturedMessage, path: string, redaction: Redaction): CapturedMessage {
  const rule = pathRule(redaction);
  const masked = maskBody(message, path, redaction, rule);
  return {
    startLine: message.startLine,
    headers: [
      ...message.headers.map(([name, value]) => [name, maskHeader(name, value, redaction, rule)] as const),
      ...leftOut(message, masked),
    ],
    body: masked ?? Buffer.alloc(0),
  };
}

/** A message as it is, but for what is kept in no recording: passwords that a protocol carries in its bodies. */
export function withoutSecrets(
  message: CapturedMessage,
  path: string,
  formats: readonly WireFormat[],
): CapturedMessage {
  const type = contentTypeOf(message);
  const own = formats.find(({ bodies }) => bodies?.takes(type, path) === true)?.bodies;
  if (own?.withoutSecrets === undefined || message.body.length === 0) return message;
  const body = kept(() => own.withoutSecrets!(message.body, type));
  if (body === message.body) return message;
  return { ...message, headers: [...message.headers, ...leftOut(message, body)], body: body ?? Buffer.alloc(0) };
}

/** Null for what cannot be read: nobody can tell the secrets in it from the rest. */
function kept(work: () => Buffer): Buffer | null {
  try {
    return work();
  } catch {
    return null;
  }
}

function leftOut({ body }: CapturedMessage, masked: Buffer | null): (readonly [string, string])[] {
  return masked === null ? [[LEFT_OUT_HEADER, String(body.length)]] : [];
}

/** The path of a request as it was sent. */
export function pathOf({ startLine }: CapturedMessage): string {
  return targetOf(startLine).path;
}

/** Path and query (without the mark) of a request line, whichever form its target has. */
export function targetOf(startLine: string): { readonly path: string; readonly query: string } {
  const target = startLine.split(' ')[1] ?? '/';
  const local = /^https?:\/\/[^/?#]*(.*)$/isu.exec(target)?.[1] ?? target;
  const mark = local.indexOf('?');
  return mark < 0 ? { path: local, query: '' } : { path: local.slice(0, mark), query: local.slice(mark + 1) };
}

/** Lower case, without parameters. */
export function contentTypeOf(message: CapturedMessage): string {
  const value = message.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  return value.split(';')[0]!.trim().toLowerCase();
}

function pathRule({ masker, formats, plainSteps }: Redaction): PathRule {
  return { masker, plainSteps: new Set([...plainSteps, ...formats.flatMap((format) => format.plainSteps ?? [])]) };
}

function maskTarget(target: string, redaction: Redaction): string {
  if (target === '*') return target;
  const { path, query } = targetOf(`GET ${target}`);
  const masked = maskPath(path, pathRule(redaction));
  if (!target.includes('?')) return masked;
  for (const format of redaction.formats) {
    const own = format.maskQuery?.(path, query, redaction.masker) ?? null;
    if (own !== null) return `${masked}?${own}`;
  }
  return `${masked}?${redaction.masker.text(query)}`;
}

function maskHeader(name: string, value: string, redaction: Redaction, rule: PathRule): string {
  const lower = name.toLowerCase();
  if (redaction.formats.some(({ keyHeaders }) => keyHeaders?.[lower] !== undefined)) return redaction.masker.key(value);
  if (PATH_HEADERS.has(lower)) return maskHref(value, rule);
  // RFC 4918 §10.4.2: URLs in angle brackets, then ETags and tokens.
  if (lower === 'if')
    return value.replaceAll(/<((?:https?:\/\/|\/)[^>]*)>/giu, (_, href: string) => `<${maskHref(href, rule)}>`);
  return PLAIN_HEADERS.has(lower) ? value : redaction.masker.text(value);
}

/** The masked body; null for one that nobody can mask. */
function maskBody(message: CapturedMessage, path: string, redaction: Redaction, rule: PathRule): Buffer | null {
  const { body } = message;
  if (body.length === 0) return body;
  const { masker } = redaction;
  const type = contentTypeOf(message);
  try {
    const own = redaction.formats.find(({ bodies }) => bodies?.takes(type, path) === true)?.bodies;
    if (own !== undefined) return own.mask(body, type, masker);
    if (/[/+]xml$/u.test(type)) return maskXml(body, rule);
    // Some clients send objects under any type.
    if (
      /^text\/(?:calendar|(?:x-)?vcard|directory)$/u.test(type) ||
      /^\s*BEGIN:V/iu.test(body.toString('latin1', 0, 20))
    ) {
      return maskContentLines(body, masker);
    }
    if (type === 'message/rfc822') return maskMime(body, masker);
    return type.startsWith('text/') ? Buffer.from(masker.text(body.toString('utf8'))) : null;
  } catch {
    // It is not what it says it is: no part of it can be told from what people wrote.
    return null;
  }
}
