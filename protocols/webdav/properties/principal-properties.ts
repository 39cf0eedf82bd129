import { privilegeWriter, SUPPORTED_PRIVILEGE_SET } from '../privileges.ts';
import type { PropertyDefinition } from '../property.ts';
import type { Resource } from '../resource.ts';
import { DAV } from '../xml/element.ts';
import { writeHref } from '../xml/write.ts';

const isAny = (): boolean => true;
const isPrincipal = (resource: Resource): boolean => resource.kind === 'principal';
const isOwned = (resource: Resource): boolean =>
  resource.kind === 'home' || resource.kind === 'collection' || resource.kind === 'item';

/** RFC 5397 and the read-only part of RFC 3744 §4 and §5. */
export const PRINCIPAL_PROPERTIES: readonly PropertyDefinition[] = [
  // On everything, the root too: macOS and iOS look nowhere else when they ignore the well-known redirect.
  principal('current-user-principal', isAny, (context) => constant(writeHref(context.principalHref))),
  principal('principal-URL', isPrincipal, (context) => constant(writeHref(context.principalHref))),
  principal('principal-collection-set', isAny, () => constant(writeHref('/principals/'))),
  principal('alternate-URI-set', isPrincipal, () => constant('')),
  principal('group-membership', isPrincipal, () => constant('')),
  principal('owner', isOwned, (context) => constant(writeHref(context.principalHref))),
  principal('current-user-privilege-set', isAny, (context) => privilegeWriter(context.principal)),
  principal('supported-privilege-set', isAny, () => constant(SUPPORTED_PRIVILEGE_SET)),
];

function principal(
  name: string,
  appliesTo: (resource: Resource) => boolean,
  compile: PropertyDefinition['compile'],
): PropertyDefinition {
  return { ns: DAV, name, appliesTo, inAllprop: false, compile };
}

function constant(value: string): () => string {
  return () => value;
}
