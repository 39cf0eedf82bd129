import type { Administration, AdministrationCall } from './administration.ts';

/**
 * Calls that read a setting, change a part of it and write it back: two administrators who do so at once would undo each other's
 * change, and a rule that somebody was told is in force would not be. One process writes to a data folder, so a queue here does.
 */
const SETTING_CALLS = [
  ...(['accessSet', 'groupSet', 'conflictRuleSet', 'policySet', 'wipeSettingsSet'] as const),
  ...(['watchSet', 'serviceSet', 'addressGroupSet', 'logDebug'] as const),
] satisfies readonly AdministrationCall[];

/** The administration with its calls about settings done one after the other, each for whoever made it. */
export function oneAtATime(administration: Administration): Administration {
  let last: Promise<unknown> = Promise.resolve();
  const queued = SETTING_CALLS.map((name) => {
    const call = administration[name].bind(administration) as (...input: readonly unknown[]) => Promise<unknown>;
    const inTurn = (...input: readonly unknown[]) => {
      const made = last.then(() => call(...input));
      // Whoever made it hears of its failure; the next one goes on all the same.
      last = made.then(
        () => undefined,
        () => undefined,
      );
      return made;
    };
    return [name, inTurn] as const;
  });
  return { ...administration, ...(Object.fromEntries(queued) as unknown as Pick<Administration, SettingCall>) };
}

type SettingCall = (typeof SETTING_CALLS)[number];
