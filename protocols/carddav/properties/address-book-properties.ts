import type { DavContext } from '../../webdav/context.ts';
import { COLLATION_NAMES } from '../../webdav/filter/collation.ts';
import { fixedProperty } from '../../webdav/properties/fixed-property.ts';
import { requireText } from '../../webdav/properties/require-text.ts';
import { storedProperty } from '../../webdav/properties/stored-property.ts';
import type { PropertyDefinition } from '../../webdav/property.ts';
import { isPrincipal } from '../../webdav/resource.ts';
import { CARDDAV } from '../../webdav/xml/element.ts';
import { writeElement, writeHref } from '../../webdav/xml/write.ts';
import { CARD_VERSIONS } from '../data/address-data-request.ts';
import { isAddressBook } from '../resources.ts';

const SUPPORTED_DATA = CARD_VERSIONS.map(
  (version) => `<CR:address-data-type content-type="text/vcard" version="${version}"/>`,
).join('');
const COLLATIONS = COLLATION_NAMES.map((name) => writeElement(CARDDAV, 'supported-collation', name)).join('');

function fixed(name: string, value: (context: DavContext) => string): PropertyDefinition {
  return fixedProperty({ ns: CARDDAV, name, appliesTo: isAddressBook }, value);
}

/** RFC 6352 §7.1.1. */
const ADDRESSBOOK_HOME_SET = fixedProperty(
  { ns: CARDDAV, name: 'addressbook-home-set', appliesTo: isPrincipal },
  (context) => writeHref(context.homeHref('addressbooks')),
);

/** Properties of the principal and of every address book (RFC 6352 §6.2, §7.1, §8.3.1). */
export const ADDRESS_BOOK_PROPERTIES: readonly PropertyDefinition[] = [
  ADDRESSBOOK_HOME_SET,
  fixed('supported-address-data', () => SUPPORTED_DATA),
  fixed('max-resource-size', ({ services }) => String(services.limits.maxItemBytes)),
  fixed('supported-collation-set', () => COLLATIONS),
  storedProperty({ ns: CARDDAV, name: 'addressbook-description', appliesTo: isAddressBook, check: requireText }),
];
