/** One thing wrong with the settings, told so that a person can put it right. */
export interface Problem {
  /** The setting's dotted key, or the spelling that was given when there is no such setting. */
  readonly key: string;
  /** Where the value came from: a file's path, a variable's name, a flag, or `default`. */
  readonly source: string;
  readonly reason: string;
  readonly remedy: string;
}

/** A problem as one line. */
export function describeProblem(problem: Problem): string {
  return `${problem.key} (${problem.source}): ${problem.reason}. ${problem.remedy}`;
}

/** The settings cannot be used; every problem found is in it, not only the first. */
export class SettingsError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.name = 'SettingsError';
    this.problems = problems;
  }
}
