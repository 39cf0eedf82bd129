import type { Page } from './page.ts';

export interface PageMatch {
  readonly page: Page;
  readonly params: Readonly<Record<string, string>>;
}

/** The page of a path, which is as sent: each part is decoded by itself, so that a name may have a slash. */
export function matchPage(pages: readonly Page[], path: string): PageMatch | null {
  const parts = path
    .replace(/(?<=.)\/$/u, '')
    .split('/')
    .map(decoded);
  for (const page of pages) {
    const params = paramsOf(page.path.split('/'), parts);
    if (params !== null) return { page, params };
  }
  return null;
}

function paramsOf(pattern: readonly string[], parts: readonly (string | null)[]): Record<string, string> | null {
  if (pattern.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [at, wanted] of pattern.entries()) {
    const part = parts[at] ?? null;
    if (part === null) return null;
    if (wanted.startsWith(':') && part !== '') params[wanted.slice(1)] = part;
    else if (part !== wanted) return null;
  }
  return params;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** The path of a page with its parts put in. */
export function pathTo(pattern: string, ...parts: readonly string[]): string {
  let at = 0;
  return pattern.replace(/:[a-z]+/giu, () => encodeURIComponent(parts[at++] ?? ''));
}
