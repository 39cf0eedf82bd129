/** Hard limits on what one request or one item may cost. Sizes in bytes. */
export interface Limits {
  /** One calendar object, task, note or contact (RFC 4791 §5.2.5 max-resource-size). */
  readonly maxItemBytes: number;
  /** One XML request body. */
  readonly maxXmlBytes: number;
  readonly maxXmlDepth: number;
  readonly maxXmlAttributes: number;
  /** Occurrences one series may yield in one answer (RFC 4791 §5.2.8 max-instances). */
  readonly maxOccurrences: number;
  /** Members one sync-collection or query answer may hold before it is truncated (RFC 6578 §3.6). */
  readonly maxResults: number;
  /** Folders of one home. */
  readonly maxFolders: number;
  /** Bytes of a folder's client-set properties together. */
  readonly maxPropertyBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxItemBytes: 10 * 1024 * 1024,
  maxXmlBytes: 10 * 1024 * 1024,
  maxXmlDepth: 64,
  maxXmlAttributes: 64,
  maxOccurrences: 10_000,
  maxResults: 200_000,
  maxFolders: 1_000,
  maxPropertyBytes: 1024 * 1024,
};

/** Physical lines of one calendar object or contact: more than 10 MB of folded base64 has. Each costs more than its bytes. */
export const MAX_OBJECT_LINES = 200_000;
/** Parameter values of one, for the same reason. */
export const MAX_OBJECT_VALUES = 200_000;
/** Properties of one contact: every filter condition looks at each of them. The largest real ones are groups with thousands of members. */
export const MAX_CARD_PROPERTIES = 20_000;
