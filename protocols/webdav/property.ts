import type { Folder } from '../../src/domain/folder.ts';
import type { CalendarKind, ItemClass } from '../../src/domain/item-class.ts';
import type { DavContext } from './context.ts';
import type { Resource } from './resource.ts';
import type { XmlElement } from './xml/element.ts';

/**
 * Gives the inner XML of a property (escaped, '' for an empty element), or null when this resource does not have it.
 * Called once per member of a listing, so it must be fast and synchronous: whatever needs I/O is done in `compile`.
 */
export type PropertyWriter = (resource: Resource) => string | null;

export interface CompiledProperty {
  readonly write: PropertyWriter;
  /** True: item resources must carry their `content`. */
  readonly needsContent?: boolean;
  /** Attributes for the element in the answer, written, with a leading space. */
  readonly attributes?: string;
}

/** What PROPPATCH and MKCOL collect before anything is written: one change, all or nothing. */
export interface FolderDraft {
  displayName?: string | null;
  components?: readonly CalendarKind[];
  /** Clark name → inner XML, null to remove. */
  readonly properties: Record<string, string | null>;
}

export interface SetRequest {
  readonly context: DavContext;
  readonly itemClass: ItemClass;
  /** Null while the collection is being created. */
  readonly folder: Folder | null;
  readonly draft: FolderDraft;
}

/**
 * Checks a value and puts it into the draft. `value` is the property element of the request, null to remove.
 * Refuses by throwing a DavError (its status and condition become the property's own propstat).
 */
export type PropertySetter = (value: XmlElement | null, request: SetRequest) => void;

/** A live property. Those without `set` are protected (RFC 4918 §15). */
export interface PropertyDefinition {
  readonly ns: string;
  readonly name: string;
  /** Whether such a resource can have it; where it does, propname lists it if the writer gives a value. */
  readonly appliesTo: (resource: Resource) => boolean;
  /** Whether allprop includes it (RFC 4918 §9.1; most specifications of others say no). */
  readonly inAllprop: boolean;
  /** Called once per request; `requested` is the element in DAV:prop with its attributes and children. */
  readonly compile: (
    context: DavContext,
    requested: XmlElement,
  ) => CompiledProperty | PropertyWriter | Promise<CompiledProperty | PropertyWriter>;
  readonly set?: PropertySetter;
}
