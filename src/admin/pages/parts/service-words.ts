import type { ServiceName } from '../../calls/services.ts';

/** Services as people call them. */
export const SERVICE_WORDS: Readonly<Record<ServiceName, string>> = {
  activesync: 'ActiveSync',
  webdav: 'CalDAV, CardDAV and WebDAV',
  lmtp: 'LMTP: mail that comes in',
  admin: 'Administration and pages',
};
