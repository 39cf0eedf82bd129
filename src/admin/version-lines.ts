/** A line of one version of an item, and whether the other version lacks it. */
export interface VersionLine {
  readonly text: string;
  readonly isApart: boolean;
}

/** The lines of a version, told apart from those of the other one; beside none (null) no line is told apart. */
export function versionLines(version: string, other: string | null): VersionLine[] {
  const there = new Set(linesOf(other ?? ''));
  return linesOf(version).map((text) => ({ text, isApart: other !== null && !there.has(text) }));
}

function linesOf(version: string): string[] {
  return version.split(/\r?\n/);
}
