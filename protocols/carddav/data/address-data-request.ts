import { GatewayError } from '../../../src/domain/errors.ts';
import { onlyElements } from '../../webdav/filter/elements.ts';
import { invalidFilter, misplaced } from '../../webdav/filter/refusal.ts';
import { mediaType } from '../../webdav/headers.ts';
import { CARDDAV, type XmlElement } from '../../webdav/xml/element.ts';

export type CardVersion = '3.0' | '4.0';

/** In the order of CARDDAV:supported-address-data (RFC 6352 §6.2.2). */
export const CARD_VERSIONS: readonly CardVersion[] = ['3.0', '4.0'];

/** What a client wants of each card (RFC 6352 §10.4). */
export interface AddressDataRequest {
  readonly version: CardVersion;
  /** Null: all properties. */
  readonly properties: readonly PropertyWish[] | null;
}

export interface PropertyWish {
  /** Upper case, without group. */
  readonly name: string;
  /** Upper case; null wishes the property in whatever group. */
  readonly group: string | null;
  /** The name and parameters alone (RFC 6352 §10.4.2). */
  readonly withoutValue: boolean;
}

/**
 * Reads CARDDAV:address-data of a report. Without version that is 3.0, the attribute's default (RFC 6352 §10.4).
 * @throws GatewayError 'filter-unsupported': kind 'data' for another media type or version
 */
export function readAddressDataRequest(element: XmlElement): AddressDataRequest {
  const type = element.attributes.get('content-type') ?? 'text/vcard';
  const version = element.attributes.get('version') ?? '3.0';
  if (mediaType(type) !== 'text/vcard' || !(CARD_VERSIONS as readonly string[]).includes(version)) {
    const reason = `address-data ${type} ${version} is not one of supported-address-data`;
    throw new GatewayError('filter-unsupported', { kind: 'data', reason }, `The cards cannot be given so: ${reason}.`);
  }
  return { version: version as CardVersion, properties: readProperties(element) };
}

function readProperties(element: XmlElement): readonly PropertyWish[] | null {
  const children = onlyElements(element);
  // An empty address-data asks for the whole card, as allprop does (RFC 6352 §10.4).
  if (children.length === 0) return null;
  const wishes: PropertyWish[] = [];
  for (const child of children) {
    if (child.ns !== CARDDAV) throw misplaced(child, element);
    if (child.name === 'allprop') return null;
    if (child.name !== 'prop') throw misplaced(child, element);
    wishes.push(readWish(child));
  }
  return wishes;
}

function readWish(element: XmlElement): PropertyWish {
  const full = (element.attributes.get('name') ?? '').toUpperCase();
  if (full === '') throw invalidFilter('prop in address-data needs a name');
  const dot = full.indexOf('.');
  const withoutValue = element.attributes.get('novalue') === 'yes';
  return { name: full.slice(dot + 1), group: dot < 0 ? null : full.slice(0, dot), withoutValue };
}
