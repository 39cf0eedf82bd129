/** Global tokens of WBXML 1.3 (WAP-192 §7.1) that ActiveSync uses or may meet; all others are refused. */
export const SWITCH_PAGE = 0x00;
export const END = 0x01;
export const ENTITY = 0x02;
export const STR_I = 0x03;
export const STR_T = 0x83;
export const OPAQUE = 0xc3;

/** The low six bits of a tag byte name the element from here on; below are global tokens. */
export const FIRST_TAG = 0x05;
export const TAG_MASK = 0x3f;
/** The tag has content and an END. */
export const HAS_CONTENT = 0x40;
/** The tag has attributes: never in ActiveSync (MS-ASWBXML §2.1.1). */
export const HAS_ATTRIBUTES = 0x80;

/** WBXML 1.3, public id unknown, UTF-8, no string table (MS-ASWBXML §2.1.1). */
export const HEADER: readonly number[] = [0x03, 0x01, 0x6a, 0x00];
/** IANA MIBenum 106. */
export const UTF_8 = 0x6a;
