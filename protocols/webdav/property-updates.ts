import { STATUS_CODES } from 'node:http';
import type { Folder } from '../../src/domain/folder.ts';
import type { ItemClass } from '../../src/domain/item-class.ts';
import { LANGUAGE_SUFFIX } from './compile.ts';
import type { DavContext } from './context.ts';
import { type Condition, DavError, davCondition, writeCondition } from './dav-error.ts';
import type { FolderDraft } from './property.ts';
import type { CollectionResource, Resource } from './resource.ts';
import { refusalOf } from './status.ts';
import { clark, DAV, type XmlElement } from './xml/element.ts';
import { childElements, childrenNamed, isNamed } from './xml/query.ts';
import { escapeText, serializeInner, tagStrings, writeElement } from './xml/write.ts';

const XML_LANG = '{http://www.w3.org/XML/1998/namespace}lang';

/** One property to be set or removed, in document order (RFC 4918 §9.2). */
export interface PropertyUpdate {
  readonly element: XmlElement;
  readonly isRemoval: boolean;
  /** xml:lang in scope; null: none. */
  readonly language: string | null;
}

/** Reads the DAV:set and DAV:remove of a propertyupdate, mkcol or MKCALENDAR body. */
export function updatesIn(body: XmlElement): PropertyUpdate[] {
  const updates: PropertyUpdate[] = [];
  for (const instruction of childElements(body)) {
    const isRemoval = isNamed(instruction, 'remove');
    if (!isRemoval && !isNamed(instruction, 'set')) {
      continue; // RFC 4918 §17: unknown elements are ignored
    }
    for (const prop of childrenNamed(instruction, 'prop')) {
      for (const element of childElements(prop)) {
        updates.push({ element, isRemoval, language: languageOf([element, prop, instruction, body]) });
      }
    }
  }
  return updates;
}

function languageOf(innerToOuter: readonly XmlElement[]): string | null {
  const holder = innerToOuter.find((element) => element.attributes.has(XML_LANG));
  return holder?.attributes.get(XML_LANG) || null;
}

/** What became of one property. */
export interface UpdateOutcome {
  readonly element: XmlElement;
  /** Null: it could be done. */
  readonly refusal: { readonly status: number; readonly condition: Condition | null; readonly message: string } | null;
}

export interface DraftRequest {
  readonly context: DavContext;
  readonly itemClass: ItemClass;
  /** The folder being changed; null while it is being created. */
  readonly folder: Folder | null;
  /** What the properties are set on: for a collection being created, what it is about to be. */
  readonly resource: Resource;
}

/** Tries every update on a draft. Nothing is written: the caller does that when no outcome is a refusal. */
export function draftUpdates(
  request: DraftRequest,
  updates: readonly PropertyUpdate[],
): { readonly draft: FolderDraft; readonly outcomes: readonly UpdateOutcome[] } {
  const draft: FolderDraft = { properties: {} };
  const outcomes = updates.map((update): UpdateOutcome => {
    const { element } = update;
    try {
      applyUpdate(request, draft, update);
      return { element, refusal: null };
    } catch (error) {
      const refusal = refusalOf(error, request.context.errorScope());
      if (refusal === null) throw error;
      return { element, refusal };
    }
  });
  return { draft, outcomes };
}

function applyUpdate(request: DraftRequest, draft: FolderDraft, update: PropertyUpdate): void {
  const { context, resource, itemClass, folder } = request;
  const { element, isRemoval, language } = update;
  const key = clark(element);
  const definition = context.registry.properties.get(key);
  if (definition !== undefined && definition.set === undefined) {
    throw new DavError(403, `${element.name} cannot be changed.`, {
      condition: davCondition('cannot-modify-protected-property'),
    });
  }
  if (resource.kind !== 'collection') {
    throw new DavError(403, 'Properties can be set on collections only.', {
      // RFC 4918 §9.2.1: what can be set on a collection is protected on everything else.
      ...(definition === undefined ? {} : { condition: davCondition('cannot-modify-protected-property') }),
    });
  }
  if (definition?.set !== undefined) {
    if (!definition.appliesTo(resource)) {
      throw new DavError(403, `${element.name} does not belong on such a collection.`);
    }
    definition.set(isRemoval ? null : element, { context, itemClass, folder, draft });
  } else {
    draft.properties[key] = isRemoval ? null : serializeInner(element);
  }
  // RFC 4918 §4.3: the language goes with the value.
  const languageKey = key + LANGUAGE_SUFFIX;
  if (language !== null && !isRemoval) {
    draft.properties[languageKey] = language;
  } else if (languageKey in draft.properties || folder?.properties[languageKey] !== undefined) {
    draft.properties[languageKey] = null;
  }
}

/** The propstats for a list of outcomes: when one is refused, those that could be done are 424 (RFC 4918 §9.2.1). */
export function writePropstats(outcomes: readonly UpdateOutcome[]): string {
  const isWhole = outcomes.every(({ refusal }) => refusal === null);
  return outcomes
    .map(({ element, refusal }) => {
      const prop = writeElement(DAV, 'prop', tagStrings(element.ns, element.name).empty);
      const status =
        refusal === null
          ? isWhole
            ? '200 OK'
            : '424 Failed Dependency'
          : `${refusal.status} ${STATUS_CODES[refusal.status]}`;
      const error = refusal?.condition ? writeElement(DAV, 'error', writeCondition(refusal.condition)) : '';
      const why = refusal === null ? '' : writeElement(DAV, 'responsedescription', escapeText(refusal.message));
      return `<D:propstat>${prop}<D:status>HTTP/1.1 ${status}</D:status>${error}${why}</D:propstat>`;
    })
    .join('');
}

/** A collection as it will be, for judging which properties belong on it. */
export function provisionalCollection(
  context: DavContext,
  place: Pick<CollectionResource, 'home' | 'href'>,
  itemClass: ItemClass,
  name: string,
): CollectionResource {
  const folder: Folder = {
    mailboxId: context.principal.mailboxId,
    id: 0,
    parentId: null,
    itemClass,
    role: null,
    name,
    displayName: null,
    components: [],
    properties: {},
    createdAt: context.services.clock.now(),
    rev: 0,
    last: 0,
    pruned: 0,
  };
  return { kind: 'collection', home: place.home, href: place.href, folder };
}
