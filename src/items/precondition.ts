import type { Item } from '../domain/item.ts';

/**
 * Decides inside the write's transaction whether the write may go on, given what is there now (null: nothing).
 * Throws GatewayError 'revision-mismatch' when not.
 */
export type Precondition = (current: Item | null) => void;
