import type { DavPlugin } from '../webdav/registry.ts';
import { CARDDAV } from '../webdav/xml/element.ts';
import { ADDRESS_BOOK_BODY } from './address-book-body.ts';
import { ADDRESS_DATA } from './data/address-data-property.ts';
import { ADDRESS_BOOK_PROPERTIES } from './properties/address-book-properties.ts';
import { ADDRESSBOOK_MULTIGET } from './reports/addressbook-multiget-report.ts';
import { ADDRESSBOOK_QUERY } from './reports/addressbook-query-report.ts';
import { isAddressBook } from './resources.ts';

/** CardDAV (RFC 6352): what it adds to the WebDAV core. */
export const CARDDAV_PLUGIN: DavPlugin = {
  name: 'carddav',
  // RFC 6352 §6.1
  davTokens: ['addressbook'],
  resourceTypes: [
    {
      ns: CARDDAV,
      name: 'addressbook',
      appliesTo: isAddressBook,
      creates: { home: 'addressbooks', classFor: () => 'contacts' },
    },
  ],
  properties: [...ADDRESS_BOOK_PROPERTIES, ADDRESS_DATA],
  reports: [ADDRESSBOOK_QUERY, ADDRESSBOOK_MULTIGET],
  collectionGetters: [ADDRESS_BOOK_BODY],
  conditions: [
    {
      home: 'addressbooks',
      ns: CARDDAV,
      supportedData: 'supported-address-data',
      validData: 'valid-address-data',
      // RFC 6352 §6.3.2.1 has one condition for both.
      validObject: 'valid-address-data',
    },
  ],
};
