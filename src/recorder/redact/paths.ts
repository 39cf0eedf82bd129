import type { Masker } from '../wire-format.ts';

/** How paths are masked: steps that say nothing about people stay. */
export interface PathRule {
  readonly masker: Masker;
  readonly plainSteps: ReadonlySet<string>;
}

/** An absolute path or a URL, its names of folders and items masked, extensions kept; the query of one is masked as text. */
export function maskHref(href: string, rule: PathRule): string {
  const match = /^(\s*)(https?:\/\/[^/?#\s]*)?(\/[^?#\s]*)?(.*)$/isu.exec(href);
  const [, space = '', origin = '', path = '', rest = ''] = match ?? [];
  if (origin === '' && path === '') return rule.masker.text(href);
  return space + origin + maskPath(path, rule) + rule.masker.text(rest);
}

export function maskPath(path: string, rule: PathRule): string {
  return path
    .split('/')
    .map((step) => maskStep(step, rule))
    .join('/');
}

function maskStep(step: string, { masker, plainSteps }: PathRule): string {
  const name = decoded(step);
  if (name === null) return masker.text(step);
  if (name === '' || plainSteps.has(name.toLowerCase())) return step;
  const extension = /\.(?:ics|vcf|eml|xml)$/iu.exec(name)?.[0] ?? '';
  const masked = masker.step(name.slice(0, name.length - extension.length)) + extension;
  // What nobody masked keeps its spelling: clients differ in what they escape.
  return masked === name ? step : encodeURIComponent(masked).replaceAll('%40', '@');
}

function decoded(step: string): string | null {
  try {
    return decodeURIComponent(step);
  } catch {
    return null;
  }
}
