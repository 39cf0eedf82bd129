import type { DavRegistry } from './registry.ts';
import { isResource, type Target } from './resource.ts';

const ON_EVERYTHING = ['OPTIONS', 'PROPFIND', 'PROPPATCH', 'REPORT'];

/** The methods for Allow (RFC 9110 §10.2.1): what this very target answers with something better than 405. */
export function allowedMethods(registry: DavRegistry, target: Target): string[] {
  const added = [...registry.methods.values()].filter((method) => method.appliesTo(target)).map(({ name }) => name);
  return [...coreMethods(registry, target), ...added];
}

function coreMethods(registry: DavRegistry, target: Target): string[] {
  if (!isResource(target)) {
    switch (target.kind) {
      case 'unmapped-item':
        return ['OPTIONS', 'PUT'];
      case 'unmapped-collection':
        return ['OPTIONS', 'MKCOL'];
      default:
        return ['OPTIONS'];
    }
  }
  switch (target.kind) {
    case 'item':
      return [...ON_EVERYTHING, 'GET', 'HEAD', 'PUT', 'DELETE', 'COPY', 'MOVE'];
    case 'collection': {
      const reading = registry.collectionGetter(target) === null ? [] : ['GET', 'HEAD'];
      return [...ON_EVERYTHING, ...reading, 'DELETE', 'MOVE'];
    }
    default:
      return ON_EVERYTHING;
  }
}
