const PRINTABLE = /^[\x21-\x7e]+$/;
/** In the path of a page or of the Admin API these lead elsewhere, so that nobody could block or wipe such a device. */
const PATH_DOTS = /^\.{1,2}$/;
/** MS-ASHTTP §2.2.1.1.1.2.4 */
const MAX_LENGTH = 32;
/** Android's mail program tries an account out with this id and throws the answer away. */
const PROBE_ID = 'validate';

/** A device id in every spelling that some client uses for it. */
export interface DeviceId {
  readonly deviceId: string;
  readonly deviceIdAliases: readonly string[];
  readonly isProbe: boolean;
}

/**
 * The id of a plain query. Programs that write the same id as raw bytes elsewhere write its hex here, or its text: both are
 * aliases. Null when it is none: empty, longer than 32, not printable ASCII (the specification has letters and digits), or dots
 * that are no name.
 */
export function deviceIdOfText(text: string): DeviceId | null {
  if (text.length > MAX_LENGTH || !PRINTABLE.test(text) || PATH_DOTS.test(text)) return null;
  const decoded = /^([0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex').toString('latin1') : '';
  const aliases = [text, hex(Buffer.from(text, 'latin1')), ...(PRINTABLE.test(decoded) ? [decoded] : [])];
  return deviceId(text, aliases);
}

/** The id of a base64 query: text, or the bytes of a GUID. Null when it is empty. */
export function deviceIdOfBytes(bytes: Buffer): DeviceId | null {
  if (bytes.length === 0) return null;
  const text = bytes.toString('latin1');
  const isName = PRINTABLE.test(text) && !PATH_DOTS.test(text);
  return isName ? deviceId(text, [text, hex(bytes)]) : deviceId(hex(bytes), [hex(bytes)]);
}

function deviceId(spelling: string, aliases: readonly string[]): DeviceId {
  const lower = new Set(aliases.map((alias) => alias.toLowerCase()));
  return { deviceId: spelling, deviceIdAliases: [...lower], isProbe: lower.has(PROBE_ID) };
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase();
}
