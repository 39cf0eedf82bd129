import { GatewayError } from '../../../src/domain/errors.ts';
import { ContentSyntaxError } from '../../../src/formats/content-line/syntax-error.ts';
import { ClassDataError } from '../classes/class-error.ts';

/** Does what may find a client's data wrong. @throws GatewayError 'content-invalid' for it */
export function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isDataError(error)) throw error;
    throw new GatewayError('content-invalid', { reason: error.message }, error.message);
  }
}

/** Errors of data, be it a client's or a stored object's that was never validated. */
export function isDataError(error: unknown): error is Error {
  return error instanceof ClassDataError || error instanceof ContentSyntaxError;
}

/** The item is not in this view of its folder: another collection has it, or none. */
export function notInView(serverId: string): GatewayError {
  return new GatewayError('item-not-found', { item: serverId }, `There is no item ${serverId} in this collection.`);
}
