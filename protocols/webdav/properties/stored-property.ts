import type { PropertyDefinition, PropertySetter } from '../property.ts';
import type { Resource } from '../resource.ts';
import { clark, type XmlElement } from '../xml/element.ts';
import { serializeInner } from '../xml/write.ts';

export interface StoredPropertyOptions {
  readonly ns: string;
  readonly name: string;
  readonly appliesTo: (resource: Resource) => boolean;
  readonly inAllprop?: boolean;
  /** Refuses a value by throwing a DavError. */
  readonly check?: (value: XmlElement, request: Parameters<PropertySetter>[1]) => void;
  /** Inner XML for a collection on which nobody has set one; null: absent. */
  readonly fallback?: (resource: Resource) => string | null;
}

/** A live property that clients set and the folder keeps, such as a description or a time zone. */
export function storedProperty(options: StoredPropertyOptions): PropertyDefinition {
  const { ns, name, appliesTo, inAllprop = false, check, fallback } = options;
  const key = clark({ ns, name });
  return {
    ns,
    name,
    appliesTo,
    inAllprop,
    compile: () => (resource) =>
      resource.kind === 'collection' ? (resource.folder.properties[key] ?? fallback?.(resource) ?? null) : null,
    set: (value, request) => {
      if (value !== null) {
        check?.(value, request);
      }
      request.draft.properties[key] = value === null ? null : serializeInner(value);
    },
  };
}
