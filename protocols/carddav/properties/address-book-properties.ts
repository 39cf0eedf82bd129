import { COLLATION_NAMES } from '../../webdav/filter/collation.ts';
import { requireText } from '../../webdav/properties/require-text.ts';
import { storedProperty } from '../../webdav/properties/stored-property.ts';
import type { PropertyDefinition } from '../../webdav/property.ts';
import { CARDDAV } from '../../webdav/xml/element.ts';
import { writeElement, writeHref } from '../../webdav/xml/write.ts';
import { CARD_VERSIONS } from '../data/address-data-request.ts';
import { isAddressBook } from '../resources.ts';

const SUPPORTED_DATA = CARD_VERSIONS.map(
  (version) => `<CR:address-data-type content-type="text/vcard" version="${version}"/>`,
).join('');
const COLLATIONS = COLLATION_NAMES.map((name) => writeElement(CARDDAV, 'supported-collation', name)).join('');

function onAddressBooks(name: string, value: (limits: { maxItemBytes: number }) => string): PropertyDefinition {
  return {
    ns: CARDDAV,
    name,
    appliesTo: isAddressBook,
    inAllprop: false,
    compile: (context) => {
      const text = value(context.services.limits);
      return () => text;
    },
  };
}

/** RFC 6352 §7.1.1. */
const ADDRESSBOOK_HOME_SET: PropertyDefinition = {
  ns: CARDDAV,
  name: 'addressbook-home-set',
  appliesTo: (resource) => resource.kind === 'principal',
  inAllprop: false,
  compile: (context) => {
    const value = writeHref(context.homeHref('addressbooks'));
    return (resource) => (resource.kind === 'principal' ? value : null);
  },
};

/** Properties of the principal and of every address book (RFC 6352 §6.2, §7.1, §8.3.1). */
export const ADDRESS_BOOK_PROPERTIES: readonly PropertyDefinition[] = [
  ADDRESSBOOK_HOME_SET,
  onAddressBooks('supported-address-data', () => SUPPORTED_DATA),
  onAddressBooks('max-resource-size', (limits) => String(limits.maxItemBytes)),
  onAddressBooks('supported-collation-set', () => COLLATIONS),
  storedProperty({ ns: CARDDAV, name: 'addressbook-description', appliesTo: isAddressBook, check: requireText }),
];
