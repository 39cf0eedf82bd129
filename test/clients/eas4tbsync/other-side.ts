import assert from 'node:assert/strict';
import { given } from '../steps.ts';
import { unfolded } from './add-on.ts';

const HOME = 'example.com/user01';

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
    const body = '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>';
    const answer = await this.#ask('PROPFIND', collection, body, { Depth: '1', 'Content-Type': 'application/xml' });
    const hrefs = [...(await answer.text()).matchAll(/<D:href>([^<]+\.(?:ics|vcf))</gu)].map(([, href]) => href!);
    const objects: DavObject[] = [];
    for (const url of hrefs) {
      objects.push({ url, text: unfolded(await (await this.#ask('GET', url.slice(1))).text()) });
    }
    return objects;
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

export const CALENDAR = `calendars/${HOME}/Calendar/`;
export const TASKS = `calendars/${HOME}/Tasks/`;
export const CONTACTS = `addressbooks/${HOME}/Contacts/`;
export const CALENDARS = `calendars/${HOME}/`;
