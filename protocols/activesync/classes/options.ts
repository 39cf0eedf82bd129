import type { Zone } from '../../../src/domain/calendar/zone.ts';
import type { ClassVersion } from './version.ts';

/** 1 plain text, 2 HTML, 4 MIME (MS-ASAIRS §2.2.2.41); 3 (compressed RTF) is of older clients and not served. */
export type BodyType = 1 | 2 | 4;

/** One BodyPreference of a request. */
export interface BodyPreference {
  readonly type: BodyType;
  /** Bytes of Data that may be sent; null: all. */
  readonly truncationSize: number | null;
  /** Send the body whole or not at all. */
  readonly allOrNone: boolean;
  /** Characters of Preview wanted (14.0); 0: none. */
  readonly preview: number;
}

/** The BodyPartPreference of a request (14.1); its type is always HTML (MS-ASAIRS §2.2.2.41.3). */
export type BodyPartPreference = Omit<BodyPreference, 'type'>;

/** The UTC hours at which a client means a day without time (Birthday, Anniversary). */
export interface DayHours {
  /** What it is shown. */
  readonly shown: number;
  /** What it sends. */
  readonly sent: number;
}

/** What decides how an item is shown. Everything but the version may be left to its default by the caller. */
export interface RenderOptions {
  readonly version: ClassVersion;
  /** In the order of the request; none: plain text as a whole. */
  readonly bodyPreferences: readonly BodyPreference[];
  /** The person's zone: all-day events and floating times are told in it. */
  readonly zone: Zone;
  /** Addresses of the person (lower case): who is the organizer, whose answer is meant. */
  readonly addresses: readonly string[];
  /** Absent: 08:00, and what comes is taken as most clients mean it. */
  readonly dayHours?: DayHours;
  /** The client sends an empty Picture without meaning it: the photo stays. */
  readonly emptyPictureStays?: boolean;
  /** The client sends new events without an end. */
  readonly leavesOutEnd?: boolean;
}

/** How a client's data is merged into what is stored. */
export interface MergeOptions extends RenderOptions {
  /**
   * Elements of the Supported list given at key 0 (`Contacts:FileAs`). Null: no such list, nothing is ghosted; empty: all
   * are; else only those not listed are. A ghosted element that does not come stays.
   */
  readonly supported: readonly string[] | null;
  /** Seconds since 1970: for DTSTAMP, LAST-MODIFIED and REV. */
  readonly now: number;
  /** UID for a new item whose data brings none. */
  readonly newUid: string;
}
