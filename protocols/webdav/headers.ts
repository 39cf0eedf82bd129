import { DavError } from './dav-error.ts';

export type Depth = '0' | '1' | 'infinity';

/** RFC 4918 §10.2. @throws DavError 400 */
export function parseDepth(value: string, fallback: Depth): Depth {
  const depth = value.trim().toLowerCase();
  if (depth === '') return fallback;
  if (depth === '0' || depth === '1' || depth === 'infinity') return depth;
  throw new DavError(400, `Depth: ${value} is none of 0, 1 and infinity.`);
}

export interface Preferences {
  /** RFC 8144 §2.1 return=minimal, or its forerunners: `return-minimal` of the drafts, `Brief: t`. */
  readonly isMinimal: boolean;
  /** RFC 8144 §2.3 depth-noroot: leave the request's own resource out of a Depth 1 answer. */
  readonly isWithoutRoot: boolean;
}

/** RFC 7240: unknown and malformed preferences are ignored. */
export function parsePreferences(prefer: string, brief: string): Preferences {
  const tokens = prefer.split(/[,;]/).map((token) => token.replaceAll(/[\s"]/g, '').toLowerCase());
  return {
    isMinimal: tokens.includes('return=minimal') || tokens.includes('return-minimal') || /^\s*t\s*$/i.test(brief),
    isWithoutRoot: tokens.includes('depth-noroot'),
  };
}

/** RFC 4918 §10.6; absent means T. @throws DavError 400 */
export function parseOverwrite(value: string): boolean {
  const flag = value.trim().toUpperCase();
  if (flag === '' || flag === 'T') return true;
  if (flag === 'F') return false;
  throw new DavError(400, `Overwrite: ${value} is neither T nor F.`);
}

/** Media type in lower case without parameters; '' when there is none. */
export function mediaType(contentType: string): string {
  return contentType.split(';', 1)[0]!.trim().toLowerCase();
}
