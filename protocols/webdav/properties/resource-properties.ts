import { shownName } from '../../../src/domain/folder-names.ts';
import { DavError } from '../dav-error.ts';
import type { PropertyDefinition } from '../property.ts';
import { collectionEtag, etagOf, type Resource } from '../resource.ts';
import { DAV } from '../xml/element.ts';
import { textOf } from '../xml/query.ts';
import { escapeText, writeElement } from '../xml/write.ts';

/** Names go out with every listing and onto every phone. */
const MAX_DISPLAY_NAME_BYTES = 1024;

const isAny = (): boolean => true;
const isItem = (resource: Resource): boolean => resource.kind === 'item';
const isStored = (resource: Resource): boolean => resource.kind === 'item' || resource.kind === 'collection';

/** The properties of RFC 4918 §15, all of them in allprop. */
export const RESOURCE_PROPERTIES: readonly PropertyDefinition[] = [
  live('resourcetype', isAny, (context) => {
    const types = context.registry.resourceTypes;
    return (resource) => (resource.kind === 'item' ? '' : writeTypes(types, resource));
  }),
  {
    ...live('displayname', isAny, (context) => {
      const { displayName, localPart } = context.principal;
      // Default folders that nobody renamed are called what the asking program's language calls them.
      const languages = context.koa.acceptsLanguages();
      return (resource) => {
        const name = resource.kind === 'principal' ? (displayName ?? localPart) : displayNameOf(resource, languages);
        return name === null ? null : escapeText(name);
      };
    }),
    set: (value, { draft }) => {
      const name = value === null ? '' : textOf(value).normalize('NFC').trim();
      if (Buffer.byteLength(name) > MAX_DISPLAY_NAME_BYTES) {
        throw new DavError(409, `A name has at most ${MAX_DISPLAY_NAME_BYTES} bytes.`);
      }
      draft.displayName = name === '' ? null : name;
    },
  },
  live('getetag', isStored, (context) => (resource) => {
    if (resource.kind === 'item') return etagOf(resource.item);
    // RFC 4918 §15.6: wherever GET answers with an ETag.
    const isReadable = resource.kind === 'collection' && context.registry.collectionGetter(resource) !== null;
    return isReadable ? collectionEtag(resource.folder) : null;
  }),
  live('getcontenttype', isItem, () => (resource) => (resource.kind === 'item' ? contentTypeOf(resource.item) : null)),
  live('getcontentlength', isItem, () => (resource) => (resource.kind === 'item' ? String(resource.item.size) : null)),
  live(
    'getlastmodified',
    isItem,
    () => (resource) => (resource.kind === 'item' ? new Date(resource.item.modifiedAt).toUTCString() : null),
  ),
  live('creationdate', isStored, () => (resource) => {
    const stored = resource.kind === 'item' ? resource.item : resource.kind === 'collection' ? resource.folder : null;
    return stored === null ? null : new Date(stored.createdAt).toISOString();
  }),
  // RFC 4918 §15.10: an empty supportedlock says that nothing can be locked.
  live('supportedlock', isStored, () => () => ''),
  live('lockdiscovery', isStored, () => () => ''),
];

function live(
  name: string,
  appliesTo: (resource: Resource) => boolean,
  compile: PropertyDefinition['compile'],
): PropertyDefinition {
  return { ns: DAV, name, appliesTo, inAllprop: true, compile };
}

function writeTypes(
  types: readonly Pick<PropertyDefinition, 'ns' | 'name' | 'appliesTo'>[],
  resource: Resource,
): string {
  const base = resource.kind === 'principal' ? '<D:principal/>' : '<D:collection/>';
  return types.reduce(
    (xml, { ns, name, appliesTo }) => (appliesTo(resource) ? xml + writeElement(ns, name) : xml),
    base,
  );
}

function displayNameOf(resource: Resource, languages: readonly string[]): string | null {
  return resource.kind === 'collection' ? shownName(resource.folder, languages) : null;
}

/** The media type with what RFC 4791 §5.3.4 and RFC 5545 §8.1 add to it. */
export function contentTypeOf(item: { readonly contentType: string; readonly kind: string }): string {
  switch (item.contentType) {
    case 'text/calendar':
      return `text/calendar;charset=utf-8;component=${item.kind}`;
    case 'text/vcard':
      return 'text/vcard;charset=utf-8';
    default:
      return item.contentType;
  }
}
