import { DEFAULT_FOLDER_NAMES } from '../../src/items/default-folders.ts';
import type { WireFormat } from '../../src/recorder/wire-format.ts';

/** How WebDAV and what stands on it are recorded: their bodies need no more than XML and objects; default folders are no secret. */
export const WEBDAV_WIRE: WireFormat = {
  plainSteps: [
    ...['principals', 'calendars', 'addressbooks', '.well-known', 'caldav', 'carddav', 'dav', 'webdav'],
    ...DEFAULT_FOLDER_NAMES.map((name) => name.toLowerCase()),
  ],
};
