import type { OpaqueValues } from './replay/opaque-values.ts';

/** What stands for a value in a redacted recording. Equal values have equal stand-ins; empty stays empty. */
export interface Masker {
  /** Text of people: as many characters of the same kinds, other letters and digits. */
  text(value: string): string;
  /** A step of a path, percent-decoded. */
  step(value: string): string;
  /** A key in decimal that a client hands back; 0 says that there is none, and stays. */
  key(value: string): string;
  /** Bytes that are no text: as many others. */
  bytes(value: Uint8Array): Uint8Array;
}

/** Bodies that are more than XML, iCalendar, vCard, MIME and text. Content types are lower case, without parameters. */
export interface BodyFormat {
  /** Whether bodies of this content type, at this path, are of the format. */
  takes(contentType: string, path: string): boolean;
  /** A body as XML for people; null where there is nothing to show. @throws what its decoder throws */
  toXml(body: Buffer, contentType: string): string | null;
  /** A body with what people wrote masked. @throws what its decoder throws: then the body is left out */
  mask(body: Buffer, contentType: string, masker: Masker): Buffer;
  /** A body without what is kept in no recording, everything else as it is. @throws what its decoder throws: then the body is left out */
  withoutSecrets?(body: Buffer, contentType: string): Buffer;
  /** What differs between two bodies, one sentence each; notes which values of the server go together. */
  compare(recorded: Buffer, actual: Buffer, contentType: string, opaque: OpaqueValues): string[];
  /** A recorded body with the values of this run. */
  bind(body: Buffer, contentType: string, opaque: OpaqueValues): Buffer;
}

/**
 * How a protocol's messages are shown, masked, compared and sent again. The recorder knows no protocol by name: each offers
 * an object of this shape beside its handler.
 */
export interface WireFormat {
  readonly bodies?: BodyFormat;
  /** The query of a request for this path, masked; null where the path is not this protocol's. */
  maskQuery?(path: string, query: string, masker: Masker): string | null;
  /** The same with the values of this run. */
  bindQuery?(path: string, query: string, opaque: OpaqueValues): string | null;
  /** Who signs in, where the query says so. */
  userOf?(path: string, query: string): string | null;
  /** Headers that carry a key of the server (lower case), and which kind of value that is. */
  readonly keyHeaders?: Readonly<Record<string, string>>;
  /** Steps of paths that say nothing about people. */
  readonly plainSteps?: readonly string[];
}
