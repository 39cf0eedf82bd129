import type { DavContext } from '../context.ts';
import type { PropertyDefinition } from '../property.ts';

/** A protected property that is the same on everything that has it: `value` gives its inner XML once per request. */
export function fixedProperty(
  property: Pick<PropertyDefinition, 'ns' | 'name' | 'appliesTo'>,
  value: (context: DavContext) => string,
): PropertyDefinition {
  return {
    ...property,
    inAllprop: false,
    compile: (context) => {
      const xml = value(context);
      return () => xml;
    },
  };
}
