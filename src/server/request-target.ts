const ABSOLUTE = /^https?:\/\/[^/?#]*([/?#].*)?$/is;

/**
 * The path and query of a request target, or null for what is none. RFC 9112 §3.2.2: the absolute form is taken as well;
 * its host says nothing that the Host header does not. Nothing behind this reads a host out of a target, since doing so
 * fails on some.
 */
export function originForm(target: string): string | null {
  if (target === '*') return target;
  if (target.startsWith('/')) return withPlainLetters(target);
  const absolute = ABSOLUTE.exec(target);
  if (absolute === null) return null;
  const rest = absolute[1] ?? '/';
  return withPlainLetters(rest.startsWith('/') ? rest : `/${rest}`);
}

/** Letters, digits, `-`, `_` and `~`. A dot stays as it is, so that no segment becomes `..` that was none before. */
const ENCODED_PLAIN = /%(?:2d|3\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/gi;

/** The path in which no character is encoded that need not be: both forms are the same address (RFC 3986 §6.2.2.2). */
function withPlainLetters(target: string): string {
  if (!target.includes('%')) return target;
  const [path = '', ...query] = target.split('?');
  const plain = path.replace(ENCODED_PLAIN, (encoded) => String.fromCharCode(Number.parseInt(encoded.slice(1), 16)));
  return [plain, ...query].join('?');
}
