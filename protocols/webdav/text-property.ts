import { DavError } from './dav-error.ts';
import type { PropertyDefinition, PropertySetter } from './property.ts';
import type { Resource } from './resource.ts';
import { clark, type XmlElement } from './xml/element.ts';
import { textOf } from './xml/query.ts';
import { escapeText } from './xml/write.ts';

export interface TextPropertyOptions {
  readonly ns: string;
  readonly name: string;
  readonly appliesTo: (resource: Resource) => boolean;
  /** Throws DavError to refuse a value. */
  readonly check?: (text: string) => void;
}

/** A property of a collection that holds plain text which clients set, kept with the folder. */
export function textProperty(options: TextPropertyOptions): PropertyDefinition {
  const { ns, name, appliesTo } = options;
  const key = clark({ ns, name });
  const set: PropertySetter = (value, { draft }) => {
    draft.properties[key] = value === null ? null : escapeText(readText(value, options));
  };
  return {
    ns,
    name,
    appliesTo,
    inAllprop: false,
    compile: () => (resource) => (resource.kind === 'collection' ? (resource.folder.properties[key] ?? null) : null),
    set,
  };
}

function readText(value: XmlElement, { check }: TextPropertyOptions): string {
  if (value.children.some((child) => typeof child !== 'string')) {
    throw new DavError(409, `The property ${value.name} holds text, not elements.`);
  }
  const text = textOf(value);
  check?.(text);
  return text;
}
