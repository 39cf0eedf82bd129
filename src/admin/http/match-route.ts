import type { PlacedOperation } from './document.ts';

export interface Route {
  readonly operation: PlacedOperation;
  /** The parts of the path that have names, decoded. */
  readonly path: Readonly<Record<string, string>>;
}

export type RouteMatch =
  | { readonly kind: 'found'; readonly route: Route }
  /** The address is there, with other methods. */
  | { readonly kind: 'method'; readonly allowed: readonly string[] }
  | { readonly kind: 'path' };

interface Pattern {
  readonly operation: PlacedOperation;
  readonly segments: readonly string[];
}

/** Finds operations by method and path. A segment is exactly one segment of the address: `%2F` in it is a slash in a name. */
export function createRoutes(operations: readonly PlacedOperation[]): (method: string, path: string) => RouteMatch {
  const patterns: readonly Pattern[] = operations.map((operation) => {
    return { operation, segments: operation.path.split('/') };
  });
  return (method, path) => {
    const segments = path.split('/');
    const fitting = patterns.filter((pattern) => fits(pattern.segments, segments));
    // A word that is written out goes before a name that could be anything.
    const words = ({ operation }: Pattern) => operation.path.split('{').length;
    const [first] = fitting.toSorted((a, b) => words(a) - words(b));
    if (first === undefined) return { kind: 'path' };
    const here = fitting.filter(({ operation }) => operation.path === first.operation.path);
    const found = here.find(({ operation }) => operation.method === method.toLowerCase());
    if (found === undefined) {
      return { kind: 'method', allowed: here.map(({ operation }) => operation.method.toUpperCase()) };
    }
    const named = namedParts(found.segments, segments);
    return named === null ? { kind: 'path' } : { kind: 'found', route: { operation: found.operation, path: named } };
  };
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false;
  return pattern.every((part, at) => part === segments[at] || (part.startsWith('{') && segments[at] !== ''));
}

/** Null where the percent-encoding is none. */
function namedParts(pattern: readonly string[], segments: readonly string[]): Readonly<Record<string, string>> | null {
  const parts: [string, string][] = [];
  for (const [at, part] of pattern.entries()) {
    if (!part.startsWith('{')) continue;
    try {
      parts.push([part.slice(1, -1), decodeURIComponent(segments[at]!)]);
    } catch (error) {
      if (error instanceof URIError) return null;
      throw error;
    }
  }
  return Object.fromEntries(parts);
}
