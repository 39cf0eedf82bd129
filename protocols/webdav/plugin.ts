import { absentProperty } from './properties/absent-property.ts';
import { COLLECTION_PROPERTIES } from './properties/collection-properties.ts';
import { PRINCIPAL_PROPERTIES } from './properties/principal-properties.ts';
import { RESOURCE_PROPERTIES } from './properties/resource-properties.ts';
import type { DavPlugin } from './registry.ts';
import { EXPAND_PROPERTY } from './reports/expand-property.ts';
import { PRINCIPAL_PROPERTY_SEARCH, PRINCIPAL_SEARCH_PROPERTY_SET } from './reports/principal-search.ts';
import { SYNC_COLLECTION } from './reports/sync-collection.ts';
import { DAV } from './xml/element.ts';

/** Live properties of RFC 3253, RFC 3744, RFC 5842 and RFC 5995 that nothing here has. */
const ABSENT = [
  'acl',
  'acl-restrictions',
  'add-member',
  'group',
  'group-member-set',
  'inherited-acl-set',
  'parent-set',
  'resource-id',
  'supported-live-property-set',
  'supported-method-set',
].map((name) => absentProperty(DAV, name));

/**
 * The core as a plugin of itself. Not claimed: class 2, since nothing can be locked; access-control, since there is no
 * ACL method (RFC 3744 §7.2 makes the token a claim of all of it).
 */
export const WEBDAV_PLUGIN: DavPlugin = {
  name: 'webdav',
  davTokens: ['1', '3', 'extended-mkcol'],
  properties: [...RESOURCE_PROPERTIES, ...PRINCIPAL_PROPERTIES, ...COLLECTION_PROPERTIES, ...ABSENT],
  reports: [SYNC_COLLECTION, EXPAND_PROPERTY, PRINCIPAL_PROPERTY_SEARCH, PRINCIPAL_SEARCH_PROPERTY_SET],
};
