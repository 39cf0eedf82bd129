const ABSOLUTE = /^https?:\/\/[^/?#]*([/?#].*)?$/is;

/**
 * The path and query of a request target, or null for what is none. RFC 9112 §3.2.2: the absolute form is taken as well;
 * its host says nothing that the Host header does not. Nothing behind this reads a host out of a target, since doing so
 * fails on some.
 */
export function originForm(target: string): string | null {
  if (target.startsWith('/') || target === '*') return target;
  const absolute = ABSOLUTE.exec(target);
  if (absolute === null) return null;
  const rest = absolute[1] ?? '/';
  return rest.startsWith('/') ? rest : `/${rest}`;
}
