import type { CivilDate } from '../../../../src/domain/calendar/civil.ts';

/** Class id that begins every global object id (MS-ASEMAIL §2.2.2.39). */
const CLASS_ID = '040000008200E00074C5B7101A82E008';
const MARK = Buffer.from('vCal-Uid', 'latin1');
const HEAD = 40;
const PREFIX = 12;
/** Where the day of one occurrence stands: year with the high byte first, month, day. */
const INSTANCE = 16;

/**
 * The GlobalObjId (base64) of a UID: an Outlook id as the bytes it spells, any other UID wrapped.
 * @param instance The day on which one occurrence of a series began in the series; null for a series or a single meeting.
 */
export function uidToGlobalObjId(uid: string, instance: CivilDate | null = null): string {
  const bytes = bytesOf(uid);
  if (instance !== null && bytes.length >= INSTANCE + 4) {
    bytes.writeUInt16BE(instance.year, INSTANCE);
    bytes.writeUInt8(instance.month, INSTANCE + 2);
    bytes.writeUInt8(instance.day, INSTANCE + 3);
  }
  return bytes.toString('base64');
}

function bytesOf(uid: string): Buffer {
  if (uid.toUpperCase().startsWith(CLASS_ID) && /^(?:[0-9A-Fa-f]{2})+$/.test(uid)) return Buffer.from(uid, 'hex');
  const text = Buffer.from(uid, 'utf8');
  const bytes = Buffer.alloc(HEAD + PREFIX + text.length + 1);
  bytes.write(CLASS_ID, 0, 'hex');
  bytes.writeUInt32LE(PREFIX + text.length + 1, HEAD - 4);
  MARK.copy(bytes, HEAD);
  bytes.writeUInt32LE(1, HEAD + 8);
  text.copy(bytes, HEAD + PREFIX);
  return bytes;
}

/** The UID a GlobalObjId stands for; null for what is no base64. */
export function globalObjIdToUid(base64: string): string | null {
  const clean = base64.replace(/\s+/g, '');
  if (clean === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(clean)) return null;
  const bytes = Buffer.from(clean, 'base64');
  const length = bytes.length >= HEAD ? bytes.readUInt32LE(HEAD - 4) : 0;
  const isWrapped =
    bytes.length >= HEAD + PREFIX + 1 &&
    bytes.subarray(HEAD, HEAD + 8).equals(MARK) &&
    length > PREFIX &&
    HEAD + length <= bytes.length;
  if (isWrapped) return bytes.toString('utf8', HEAD + PREFIX, HEAD + length - 1);
  // The date of one instance is not part of the series' id.
  const series = Buffer.from(bytes);
  series.fill(0, INSTANCE, Math.min(INSTANCE + 4, series.length));
  return series.toString('hex').toUpperCase();
}
