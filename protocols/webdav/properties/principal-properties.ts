import { privilegeWriter, SUPPORTED_PRIVILEGE_SET } from '../privileges.ts';
import type { PropertyDefinition } from '../property.ts';
import { isPrincipal, type Resource } from '../resource.ts';
import { DAV } from '../xml/element.ts';
import { writeHref } from '../xml/write.ts';
import { fixedProperty } from './fixed-property.ts';

const isAny = (): boolean => true;
const isOwned = (resource: Resource): boolean =>
  resource.kind === 'home' || resource.kind === 'collection' || resource.kind === 'item';

/** RFC 5397 and the read-only part of RFC 3744 §4 and §5. */
export const PRINCIPAL_PROPERTIES: readonly PropertyDefinition[] = [
  // On everything, the root too: macOS and iOS look nowhere else when they ignore the well-known redirect.
  fixed('current-user-principal', isAny, (context) => writeHref(context.principalHref)),
  fixed('principal-URL', isPrincipal, (context) => writeHref(context.principalHref)),
  fixed('principal-collection-set', isAny, () => writeHref('/principals/')),
  fixed('alternate-URI-set', isPrincipal, () => ''),
  fixed('group-membership', isPrincipal, () => ''),
  fixed('owner', isOwned, (context) => writeHref(context.principalHref)),
  {
    ns: DAV,
    name: 'current-user-privilege-set',
    appliesTo: isAny,
    inAllprop: false,
    compile: (context) => privilegeWriter(context.principal),
  },
  fixed('supported-privilege-set', isAny, () => SUPPORTED_PRIVILEGE_SET),
];

function fixed(
  name: string,
  appliesTo: PropertyDefinition['appliesTo'],
  value: Parameters<typeof fixedProperty>[1],
): PropertyDefinition {
  return fixedProperty({ ns: DAV, name, appliesTo }, value);
}
