import { GatewayError } from '../../../domain/errors.ts';

/**
 * What cannot be undone is confirmed by typing what it is about.
 * @throws GatewayError 'object-invalid'
 */
export function requireTyped(typed: string, wanted: string, what: string): void {
  if (typed.toLowerCase() === wanted.toLowerCase()) return;
  const reason = `${what} was not typed as it is`;
  throw new GatewayError(
    'object-invalid',
    { reason },
    `Nothing was done: "${typed}" is not ${wanted}. Type it to confirm.`,
  );
}
