/** What one document may cost to read. Lengths in bytes of the body as it is after gzip. */
export interface WbxmlLimits {
  /** The whole document, and all text taken from its string table together. */
  readonly maxBytes: number;
  readonly maxDepth: number;
  /** Elements and values together. */
  readonly maxElements: number;
  /** One text, and the string table. */
  readonly maxStringBytes: number;
  /** One OPAQUE value: a message to send. */
  readonly maxOpaqueBytes: number;
}

/** The deepest documents of the protocol have about a dozen levels; 1,000 changes with all their fields about 50,000 elements. */
export const DEFAULT_WBXML_LIMITS: WbxmlLimits = {
  maxBytes: 64 * 1024 * 1024,
  maxDepth: 64,
  maxElements: 200_000,
  maxStringBytes: 32 * 1024 * 1024,
  maxOpaqueBytes: 50 * 1024 * 1024,
};
