import type { ReportDefinition } from '../../webdav/registry.ts';
import { runMultiget } from '../../webdav/reports/multiget-report.ts';
import { CARDDAV } from '../../webdav/xml/element.ts';
import { isInAddressBooks } from '../resources.ts';

/** RFC 6352 §8.7. */
export const ADDRESSBOOK_MULTIGET: ReportDefinition = {
  ns: CARDDAV,
  name: 'addressbook-multiget',
  appliesTo: isInAddressBooks,
  run: runMultiget,
};
