import { parseCard, serializeCard } from '../../../src/formats/vcard/card.ts';
import { toVersion } from '../../../src/formats/vcard/to-version.ts';
import { contentText } from '../../webdav/content-text.ts';
import type { PropertyDefinition } from '../../webdav/property.ts';
import { readOr } from '../../webdav/reports/odd-objects.ts';
import { CARDDAV } from '../../webdav/xml/element.ts';
import { escapeText } from '../../webdav/xml/write.ts';
import { isCard } from '../resources.ts';
import { type AddressDataRequest, readAddressDataRequest } from './address-data-request.ts';
import { projectCard } from './project-card.ts';

/**
 * CARDDAV:address-data (RFC 6352 §10.4) looks like a property in reports and is none: PROPFIND does not have it. What is
 * stored in the version asked for is given byte for byte, without parsing.
 */
export const ADDRESS_DATA: PropertyDefinition = {
  ns: CARDDAV,
  name: 'address-data',
  appliesTo: isCard,
  inAllprop: false,
  compile: (context, requested) => {
    if (context.koa.method !== 'REPORT') return () => null;
    const request = readAddressDataRequest(requested);
    const textFor = (content: Uint8Array): string =>
      readOr(
        context,
        () => cardText(content, request),
        () => contentText(content),
      );
    return {
      needsContent: true,
      write: (resource) =>
        resource.kind === 'item' && resource.content !== undefined ? escapeText(textFor(resource.content)) : null,
    };
  },
};

/** The card in the version and with the properties asked for. */
function cardText(content: Uint8Array, { version, properties }: AddressDataRequest): string {
  const isStored = storedVersion(content) === version;
  if (isStored && properties === null) return contentText(content);
  const stored = parseCard(content);
  const card = isStored ? stored : toVersion(stored, version);
  return contentText(serializeCard(properties === null ? card : projectCard(card, properties)));
}

const VERSION_LINE = Buffer.from('\nVERSION:');

/** What the VERSION line says where it is written as everybody writes it; else null, and the card is parsed. */
function storedVersion(content: Uint8Array): string | null {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const at = bytes.indexOf(VERSION_LINE);
  if (at < 0) return null;
  const from = at + VERSION_LINE.length;
  return /^([0-9.]+)[ \t]*\r?\n/.exec(bytes.toString('latin1', from, from + 16))?.[1] ?? null;
}
