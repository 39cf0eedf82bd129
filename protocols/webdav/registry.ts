import type { ItemClass } from '../../src/domain/item-class.ts';
import type { DavContext } from './context.ts';
import type { FolderDraft, PropertyDefinition } from './property.ts';
import type { CollectionResource, DavHome, Resource, Target } from './resource.ts';
import { clark, type XmlElement } from './xml/element.ts';

/** An element of DAV:resourcetype beside DAV:collection and DAV:principal. */
export interface ResourceTypeDefinition {
  readonly ns: string;
  readonly name: string;
  readonly appliesTo: (resource: Resource) => boolean;
  /** Present when extended MKCOL can create such a collection (RFC 5689): where, and of what class. */
  readonly creates?: {
    readonly home: DavHome;
    /** Chooses the class and may complete the draft (components). Throws DavError or GatewayError to refuse. */
    readonly classFor: (draft: FolderDraft) => ItemClass;
  };
}

export interface ReportDefinition {
  readonly ns: string;
  readonly name: string;
  readonly appliesTo: (resource: Resource) => boolean;
  /** Answers the request, usually through `context.multistatus()`. */
  readonly run: (context: DavContext, resource: Resource, body: XmlElement) => Promise<void>;
}

export interface MethodDefinition {
  /** Upper case, e.g. MKCALENDAR. */
  readonly name: string;
  /** Whether Allow lists it for such a target. The method itself answers 405/403 where it does not fit. */
  readonly appliesTo: (target: Target) => boolean;
  readonly run: (context: DavContext, target: Target) => Promise<void>;
}

/** A body that a whole collection gives on GET. Its ETag is `collectionEtag`, so it may depend on folder and members only. */
export interface CollectionBody {
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content: () => AsyncIterable<Uint8Array | string>;
}

export interface CollectionGetter {
  readonly appliesTo: (collection: CollectionResource) => boolean;
  /** Must not read members before `content` is called: HEAD and 304 need none. */
  readonly open: (context: DavContext, collection: CollectionResource) => Promise<CollectionBody>;
}

/** Condition elements (RFC 4791 §5.3.2.1, RFC 6352 §6.3.2.1) by which one home names what the core refused. */
export interface HomeConditions {
  readonly home: DavHome;
  readonly ns: string;
  /** e.g. 'supported-calendar-data', 'valid-calendar-data', 'valid-calendar-object-resource'. */
  readonly supportedData: string;
  readonly validData: string;
  readonly validObject: string;
}

/** What one RFC family adds to the core. */
export interface DavPlugin {
  readonly name: string;
  /** Tokens for the DAV header, only for what is wholly served. */
  readonly davTokens: readonly string[];
  readonly resourceTypes?: readonly ResourceTypeDefinition[];
  readonly properties?: readonly PropertyDefinition[];
  readonly reports?: readonly ReportDefinition[];
  readonly methods?: readonly MethodDefinition[];
  readonly collectionGetters?: readonly CollectionGetter[];
  readonly conditions?: readonly HomeConditions[];
}

/** Everything that is served, looked up by name. Built once at start. */
export class DavRegistry {
  readonly davHeader: string;
  readonly resourceTypes: readonly ResourceTypeDefinition[];
  readonly properties: ReadonlyMap<string, PropertyDefinition>;
  readonly reports: ReadonlyMap<string, ReportDefinition>;
  readonly methods: ReadonlyMap<string, MethodDefinition>;
  readonly collectionGetters: readonly CollectionGetter[];
  readonly conditions: ReadonlyMap<DavHome, HomeConditions>;

  /** @throws TypeError when two plugins define one thing. */
  constructor(plugins: readonly DavPlugin[]) {
    this.davHeader = [...new Set(plugins.flatMap((plugin) => plugin.davTokens))].join(', ');
    this.resourceTypes = plugins.flatMap((plugin) => plugin.resourceTypes ?? []);
    this.properties = byKey(
      plugins.flatMap((plugin) => plugin.properties ?? []),
      clark,
    );
    this.reports = byKey(
      plugins.flatMap((plugin) => plugin.reports ?? []),
      clark,
    );
    this.methods = byKey(
      plugins.flatMap((plugin) => plugin.methods ?? []),
      (method) => method.name,
    );
    this.collectionGetters = plugins.flatMap((plugin) => plugin.collectionGetters ?? []);
    this.conditions = byKey(
      plugins.flatMap((plugin) => plugin.conditions ?? []),
      ({ home }) => home,
    );
  }

  collectionGetter(resource: Resource): CollectionGetter | null {
    if (resource.kind !== 'collection') return null;
    return this.collectionGetters.find((getter) => getter.appliesTo(resource)) ?? null;
  }
}

function byKey<K, V>(values: readonly V[], keyOf: (value: V) => K): ReadonlyMap<K, V> {
  const map = new Map<K, V>();
  for (const value of values) {
    const key = keyOf(value);
    if (map.has(key)) throw new TypeError(`${String(key)} is defined twice`);
    map.set(key, value);
  }
  return map;
}
