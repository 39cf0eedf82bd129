import { ELEMENTS, type ElementName } from './code-pages.generated.ts';

export type { ElementName } from './code-pages.generated.ts';

/** Protocol versions that the table tells apart, oldest first. */
export const PROTOCOL_VERSIONS = ['2.5', '12.0', '12.1', '14.0', '14.1', '16.0', '16.1'] as const;
export type ProtocolVersion = (typeof PROTOCOL_VERSIONS)[number];

/** What an element may hold; where two kinds are named, it depends on direction or parent. */
export type ElementType =
  | 'container'
  | 'string'
  | 'integer'
  | 'boolean'
  | 'empty'
  | 'unsignedByte'
  | 'dateTime'
  | 'double'
  | 'opaque'
  | 'container|empty'
  | 'container|string'
  | 'integer|string';

/** One row of the code pages (MS-ASWBXML §2.1.2.1). */
export interface ElementFacts {
  readonly page: number;
  /** 0x05 … 0x3F */
  readonly token: number;
  readonly type: ElementType;
  /** First and last protocol version that has it; null where no version ever carried it. */
  readonly since: ProtocolVersion | null;
  readonly until: ProtocolVersion | null;
  /** Gone from the specification: read when an old client sends it, never sent. */
  readonly retired: boolean;
  /** Its value goes as OPAQUE, not as an inline string. */
  readonly opaque: boolean;
  /** Page and name in the XML that `wbxml2xml` prints. */
  readonly xml: string;
}

/** An element that no table names: a token of a newer version. Page and token stay, in decimal. */
export type UnknownName = `unknown:${number}:${number}`;

const TOKENS_PER_PAGE = 64;
const BY_TOKEN = new Map<number, ElementName>();
/** The same table: a lookup in a map is quicker than in an object of hundreds of keys. */
const BY_NAME: ReadonlyMap<string, ElementFacts> = new Map(Object.entries(ELEMENTS));
for (const name of Object.keys(ELEMENTS) as ElementName[]) {
  const { page, token } = ELEMENTS[name];
  BY_TOKEN.set(page * TOKENS_PER_PAGE + token, name);
}

/** Every name of the table, in the order of pages and tokens. */
export const ELEMENT_NAMES: readonly ElementName[] = [...BY_TOKEN.values()];

/** The name of a token; an `UnknownName` where the table has none. `token` without its content and attribute bits. */
export function nameOf(page: number, token: number): ElementName | UnknownName {
  return BY_TOKEN.get(page * TOKENS_PER_PAGE + token) ?? `unknown:${page}:${token}`;
}

/** The row of a name, null for one that the table does not have. */
export function factsOf(name: string): ElementFacts | null {
  return BY_NAME.get(name) ?? null;
}

/** Is this a name of the table? */
export function isElementName(name: string): name is ElementName {
  return BY_NAME.has(name);
}

/** May a server of this version send the element? */
export function isInVersion(facts: ElementFacts, version: ProtocolVersion): boolean {
  if (facts.retired || facts.since === null || facts.until === null) return false;
  const at = PROTOCOL_VERSIONS.indexOf(version);
  return PROTOCOL_VERSIONS.indexOf(facts.since) <= at && at <= PROTOCOL_VERSIONS.indexOf(facts.until);
}
