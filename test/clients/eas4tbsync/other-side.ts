import assert from 'node:assert/strict';
import { given } from '../steps.ts';
import { unfolded } from './add-on.ts';

const HOME = 'example.com/user01';

const EVERY_CARD =
  '<q:addressbook-query xmlns:q="urn:ietf:params:xml:ns:carddav" xmlns="DAV:"><prop><q:address-data/></prop><q:filter/></q:addressbook-query>';
const EVERY_OBJECT =
  '<q:calendar-query xmlns:q="urn:ietf:params:xml:ns:caldav" xmlns="DAV:"><prop><q:calendar-data/></prop><q:filter><q:comp-filter name="VCALENDAR"/></q:filter></q:calendar-query>';

export interface DavObject {
  readonly url: string;
  /** Lines unfolded. */
  readonly text: string;
}

/** A DAV program on the same mailbox, which names itself as the driving script. */
export class OtherSide {
  readonly #headers = {
    Authorization: `Basic ${Buffer.from(`${given('DAV_USER')}:${given('DAV_PASSWORD')}`).toString('base64')}`,
    'User-Agent': 'driving-script',
  };

  /** `path` is below the root. */
  async put(path: string, text: string): Promise<void> {
    const type = path.endsWith('.vcf') ? 'text/vcard; charset=utf-8' : 'text/calendar; charset=utf-8';
    const answer = await this.#ask('PUT', path, text, { 'Content-Type': type });
    assert.ok(answer.status === 201 || answer.status === 204, `PUT ${path}: ${answer.status} ${await answer.text()}`);
  }

  async all(collection: string): Promise<DavObject[]> {
    const body = collection === CONTACTS ? EVERY_CARD : EVERY_OBJECT;
    const headers = { ...this.#headers, Depth: '1', 'Content-Type': 'application/xml' };
    const answer = await fetch(`${given('DIRECT_URL')}/${collection}`, { method: 'REPORT', headers, body });
    assert.equal(answer.status, 207);
    const found = (await answer.text()).matchAll(/<D:href>([^<]+)<\/D:href>[\s\S]*?<C\w*:\w+-data[^>]*>([^<]+)<\//gu);
    return [...found].map(([, url, text]) => ({ url: url!, text: unfolded(unescaped(text!)) }));
  }

  /** The one object with this text in it. */
  async only(collection: string, text: string): Promise<DavObject> {
    const found = (await this.all(collection)).filter((object) => object.text.includes(text));
    assert.equal(found.length, 1, `${found.length} objects of ${collection} have ${text}`);
    return found[0]!;
  }

  /** Replaces words in the one object that has them. */
  async edit(collection: string, from: string, to: string): Promise<void> {
    const { url, text } = await this.only(collection, from);
    await this.put(url.slice(1), text.replaceAll(from, () => to).replaceAll('\n', '\r\n'));
  }

  async remove(collection: string, text: string): Promise<void> {
    const { url } = await this.only(collection, text);
    assert.equal((await this.#ask('DELETE', url.slice(1))).status, 204);
  }

  async makeCalendar(path: string, name: string): Promise<void> {
    const body = `<C:mkcalendar xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:set><D:prop><D:displayname>${name}</D:displayname></D:prop></D:set></C:mkcalendar>`;
    const answer = await this.#ask('MKCALENDAR', path, body, { 'Content-Type': 'application/xml' });
    assert.equal(answer.status, 201);
  }

  async rename(path: string, name: string): Promise<void> {
    const body = `<propertyupdate xmlns="DAV:"><set><prop><displayname>${name}</displayname></prop></set></propertyupdate>`;
    assert.equal((await this.#ask('PROPPATCH', path, body, { 'Content-Type': 'application/xml' })).status, 207);
  }

  async removeCollection(path: string): Promise<void> {
    assert.equal((await this.#ask('DELETE', path)).status, 204);
  }

  #ask(method: string, path: string, body?: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const init = { method, headers: { ...this.#headers, ...headers }, ...(body === undefined ? {} : { body }) };
    return fetch(`${given('ROOT_URL')}/${path}`, init);
  }
}

function unescaped(text: string): string {
  const characters: Readonly<Record<string, string>> = {
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    '#13': '\r',
    amp: '&',
  };
  return text.replaceAll(/&([^;]+);/gu, (_, name: string) => characters[name] ?? assert.fail(`&${name}; is not known`));
}

export const CALENDAR = `calendars/${HOME}/Calendar/`;
export const TASKS = `calendars/${HOME}/Tasks/`;
export const CONTACTS = `addressbooks/${HOME}/Contacts/`;
export const CALENDARS = `calendars/${HOME}/`;
