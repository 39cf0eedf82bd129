import type { Administration, AdministrationCall } from './administration.ts';

/**
 * Calls that read a setting, change a part of it and write it back: two administrators who do so at once would undo each other's
 * change, and a rule that somebody was told is in force would not be. One process writes to a data folder, so a queue here does.
 */
const SETTING_CALLS = [
  ...(['accessSet', 'groupSet', 'conflictRuleSet', 'policySet', 'wipeSettingsSet'] as const),
  ...(['watchSet', 'serviceSet', 'addressGroupSet', 'logDebug'] as const),
] satisfies readonly AdministrationCall[];

/** Does a piece of work when those before it are done. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>;

export function turnByTurn(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const made = last.then(work);
    // Whoever made it hears of its failure; the next one goes on all the same.
    last = made.then(
      () => undefined,
      () => undefined,
    );
    return made;
  };
}

/** The administration with its calls about settings done one after the other, each for whoever made it. */
export function oneAtATime(administration: Administration, turn: Turn = turnByTurn()): Administration {
  const queued = SETTING_CALLS.map((name) => {
    const call = administration[name].bind(administration) as (...input: readonly unknown[]) => Promise<unknown>;
    return [name, (...input: readonly unknown[]) => turn(() => call(...input))] as const;
  });
  return { ...administration, ...(Object.fromEntries(queued) as unknown as Pick<Administration, SettingCall>) };
}

type SettingCall = (typeof SETTING_CALLS)[number];
