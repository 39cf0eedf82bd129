import type { ReportDefinition } from '../../webdav/registry.ts';
import { runMultiget } from '../../webdav/reports/multiget-report.ts';
import { CALDAV } from '../../webdav/xml/element.ts';
import { isInCalendars } from '../kinds.ts';

/** RFC 4791 §7.9. */
export const CALENDAR_MULTIGET: ReportDefinition = {
  ns: CALDAV,
  name: 'calendar-multiget',
  appliesTo: isInCalendars,
  run: runMultiget,
};
