/** A rule of the model that did not hold. Anything else that is thrown is a bug of the test or a crash of the engine. */
export class Disagreement extends Error {}

export function mustHold(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new Disagreement(message());
}
