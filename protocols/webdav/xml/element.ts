/** A namespace-resolved XML element as the reader gives it. Comments and processing instructions are gone. */
export interface XmlElement {
  readonly ns: string;
  readonly name: string;
  /** Attributes: Clark name `{ns}local`, or `local` when in no namespace. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Elements and text in order; adjacent text is one string. */
  readonly children: readonly (XmlElement | string)[];
}

export const DAV = 'DAV:';
export const CALDAV = 'urn:ietf:params:xml:ns:caldav';
export const CARDDAV = 'urn:ietf:params:xml:ns:carddav';
export const CALENDARSERVER = 'http://calendarserver.org/ns/';
export const APPLE_ICAL = 'http://apple.com/ns/ical/';

/** `{ns}local`, the key under which properties and reports are registered. */
export function clark(element: Pick<XmlElement, 'ns' | 'name'>): string {
  return `{${element.ns}}${element.name}`;
}
