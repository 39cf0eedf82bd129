import type { ElementName, UnknownName } from './elements.ts';

/**
 * Why bytes are not a document we take. The limits ('size', 'depth', 'elements', 'string-length', 'opaque-length') are ours,
 * 'charset' and 'unsupported' are legal WBXML that ActiveSync never uses (MS-ASWBXML §2.1.1), the rest is broken WBXML.
 */
export type WbxmlErrorCode =
  | 'truncated'
  | 'version'
  | 'charset'
  | 'integer'
  | 'string-table'
  | 'entity'
  | 'unsupported'
  | 'structure'
  | 'trailing'
  | 'size'
  | 'depth'
  | 'elements'
  | 'string-length'
  | 'opaque-length';

/** The only error of the decoder, for any bytes. `offset` counts bytes from 0. */
export class WbxmlError extends Error {
  readonly code: WbxmlErrorCode;
  readonly offset: number;

  constructor(code: WbxmlErrorCode, offset: number, message: string) {
    super(`${message} (at byte ${offset})`);
    this.name = 'WbxmlError';
    this.code = code;
    this.offset = offset;
  }
}

/** 'missing': a child that must be there; 'structure': elements where a value belongs; the rest: a value that is not one. */
export type WbxValueErrorReason = 'missing' | 'structure' | 'number' | 'range' | 'boolean';

/** A well-formed document whose element does not hold what its reader needs; answered by the command's own status. */
export class WbxValueError extends Error {
  readonly reason: WbxValueErrorReason;
  readonly element: ElementName | UnknownName;

  constructor(reason: WbxValueErrorReason, element: ElementName | UnknownName, message: string) {
    super(`${element}: ${message}`);
    this.name = 'WbxValueError';
    this.reason = reason;
    this.element = element;
  }
}
