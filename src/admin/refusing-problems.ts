import type { ProblemsError } from '../devices/last-good-setting.ts';
import { GatewayError } from '../domain/errors.ts';

/** A reader that throws an error of this kind, as one that tells its problems to whoever sent the value: GatewayError 'object-invalid'. */
export function refusingProblems<A extends readonly unknown[], T>(
  read: (...values: A) => T,
  kind: ProblemsError,
): (...values: A) => T {
  return (...values) => {
    try {
      return read(...values);
    } catch (error) {
      if (!(error instanceof kind)) throw error;
      throw new GatewayError('object-invalid', { reason: error.problems.join('; ') }, error.message);
    }
  };
}
