import type { PropertyDefinition } from '../property.ts';

/**
 * A live property of a specification that is not served, or not in this part: nothing has it, and nobody may set it, or
 * a client would read back its own words as the server's (RFC 4918 §15: protected).
 */
export function absentProperty(ns: string, name: string): PropertyDefinition {
  return { ns, name, appliesTo: () => false, inAllprop: false, compile: () => () => null };
}
