import type { ContentSyntaxError } from '../../formats/content-line/syntax-error.ts';
import type { Refusal } from './import-source.ts';

/** Lines named for one file; a damaged one would drown what matters. */
const MAX_NAMED = 10;

/** Gathers the lines that a tolerant reader left out of one file. */
export interface LeftOutLines {
  readonly onProblem: (problem: ContentSyntaxError) => void;
  refusals(): readonly Refusal[];
}

export function createLeftOutLines(path: string): LeftOutLines {
  const named: Refusal[] = [];
  let more = 0;
  return {
    onProblem({ line, reason }) {
      if (named.length < MAX_NAMED) named.push({ path, line, reason, lines: 1 });
      else more += 1;
    },
    refusals() {
      if (more === 0) return named;
      return [...named, { path, line: 0, reason: `${more} more lines that cannot be read`, lines: more }];
    },
  };
}
