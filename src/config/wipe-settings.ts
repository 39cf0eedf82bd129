/** Where the run-time setting is kept. */
export const WIPE_SETTING = 'devices.wipe';

/** What an administrator set about wipes of devices. */
export interface WipeRules {
  /** Whether another person has to consent before a wipe begins. */
  readonly secondPerson: boolean;
  /** Days on which nothing moves until a wipe counts as silent. */
  readonly silentAfterDays: number;
}

const DEFAULT_WIPE_RULES: WipeRules = { secondPerson: false, silentAfterDays: 7 };

/** The value is not what can be set about wipes; each problem is one sentence. */
export class WipeSettingError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The settings of wipes cannot be used: ${problems.join('; ')}.`);
    this.name = 'WipeSettingError';
    this.problems = problems;
  }
}

/** Reads the setting; what is missing is as by default. @throws WipeSettingError */
export function readWipeRules(value: unknown): WipeRules {
  if (value === null || value === undefined) return DEFAULT_WIPE_RULES;
  if (typeof value !== 'object' || Array.isArray(value)) throw new WipeSettingError(['it is no object']);
  const { secondPerson = false, silentAfterDays = 7, ...others } = value as Readonly<Record<string, unknown>>;
  const problems = Object.keys(others).map((name) => `there is no setting "${name}"`);
  if (typeof secondPerson !== 'boolean') problems.push('secondPerson is true or false');
  const days = typeof silentAfterDays === 'number' && Number.isInteger(silentAfterDays) ? silentAfterDays : 0;
  if (days < 1 || days > 365) problems.push('silentAfterDays is a whole number from 1 to 365');
  if (problems.length > 0) throw new WipeSettingError(problems);
  return { secondPerson: secondPerson === true, silentAfterDays: days };
}
