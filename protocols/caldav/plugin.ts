import { absentProperty } from '../webdav/properties/absent-property.ts';
import type { DavPlugin } from '../webdav/registry.ts';
import { CALDAV, CALENDARSERVER } from '../webdav/xml/element.ts';
import { CALENDAR_BODY } from './calendar-body.ts';
import { CALENDAR_DATA } from './data/calendar-data-property.ts';
import { MKCALENDAR } from './methods/mkcalendar.ts';
import { CALENDAR_TIMEZONE } from './properties/calendar-timezone.ts';
import { COLLECTION_PROPERTIES } from './properties/collection-properties.ts';
import { SUPPORTED_COMPONENT_SET, SUPPORTED_COMPONENT_SETS } from './properties/component-set.ts';
import { PRINCIPAL_PROPERTIES } from './properties/principal-properties.ts';
import { CALENDAR_MULTIGET } from './reports/calendar-multiget-report.ts';
import { CALENDAR_QUERY } from './reports/calendar-query-report.ts';
import { FREE_BUSY_QUERY } from './reports/free-busy-query-report.ts';
import { CALENDAR_TYPE } from './resource-type.ts';

/** Protected properties of RFC 4791 and RFC 6638 that nothing here has, and those of Apple's sharing and delegation. */
const ABSENT = [
  ...[
    'calendar-user-type',
    'max-attendees-per-instance',
    'max-date-time',
    'min-date-time',
    'schedule-default-calendar-URL',
    'schedule-inbox-URL',
    'schedule-outbox-URL',
    'schedule-tag',
  ].map((name) => absentProperty(CALDAV, name)),
  ...[
    'allowed-sharing-modes',
    'calendar-proxy-read-for',
    'calendar-proxy-write-for',
    'invite',
    'notification-URL',
    'pre-publish-url',
    'publish-url',
    'push-transports',
    'pushkey',
    'shared-url',
  ].map((name) => absentProperty(CALENDARSERVER, name)),
];

/** CalDAV (RFC 4791): what it adds to the WebDAV core. Scheduling (RFC 6638) is neither served nor claimed. */
export const CALDAV_PLUGIN: DavPlugin = {
  name: 'caldav',
  // RFC 4791 §5.1
  davTokens: ['calendar-access'],
  resourceTypes: [CALENDAR_TYPE],
  properties: [
    ...PRINCIPAL_PROPERTIES,
    SUPPORTED_COMPONENT_SETS,
    SUPPORTED_COMPONENT_SET,
    ...COLLECTION_PROPERTIES,
    CALENDAR_TIMEZONE,
    CALENDAR_DATA,
    ...ABSENT,
  ],
  reports: [CALENDAR_QUERY, CALENDAR_MULTIGET, FREE_BUSY_QUERY],
  methods: [MKCALENDAR],
  collectionGetters: [CALENDAR_BODY],
  conditions: [
    {
      home: 'calendars',
      ns: CALDAV,
      supportedData: 'supported-calendar-data',
      validData: 'valid-calendar-data',
      validObject: 'valid-calendar-object-resource',
    },
  ],
};
