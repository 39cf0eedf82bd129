import assert from 'node:assert/strict';
import http from 'node:http';
import { SaxesParser } from 'saxes';

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** What a client holds of one item: exactly what it was told. */
export interface Held {
  readonly etag: string;
  readonly data: string;
}

/** What a client holds of one collection. */
export interface Replica {
  token: string;
  items: Map<string, Held>;
  /** True while a truncated answer has not been followed to its end. */
  partial: boolean;
}

export interface SyncOutcome {
  readonly kind: 'complete' | 'partial' | 'token-refused' | 'gone';
}

interface MemberState {
  readonly href: string;
  readonly status: number;
  readonly etag: string;
  readonly data: string;
}

/**
 * A sync client of RFC 6578 written from the standard: it keeps a replica per collection and believes only answers.
 * It shares no code with the server.
 */
export class Peer {
  readonly replicas = new Map<string, Replica>();
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  readonly #port: () => number;

  constructor(port: () => number) {
    this.#port = port;
  }

  close(): void {
    this.#agent.destroy();
  }

  request(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const all = { ...headers, 'content-length': String(Buffer.byteLength(body)) };
    const options = { agent: this.#agent, host: '127.0.0.1', port: this.#port(), method, path, headers: all };
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      );
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
    return promise;
  }

  replica(collection: string): Replica {
    let replica = this.replicas.get(collection);
    if (!replica) {
      replica = { token: '', items: new Map(), partial: false };
      this.replicas.set(collection, replica);
    }
    return replica;
  }

  /** One sync-collection, at most `pages` pages of `limit` members (0 = no limit given). */
  async sync(collection: string, limit: number, pages: number, inline: boolean): Promise<SyncOutcome> {
    const replica = this.replica(collection);
    for (let page = 0; page < pages; page++) {
      const answer = await this.request('REPORT', collection, xmlHeaders, syncBody(replica.token, limit, inline));
      if (answer.status === 404) {
        this.replicas.delete(collection);
        return { kind: 'gone' };
      }
      if (answer.status === 403 && answer.body.includes('valid-sync-token')) {
        assert.equal(page, 0, 'the token of the page before was refused');
        this.replicas.delete(collection);
        return { kind: 'token-refused' };
      }
      if (answer.status !== 207) throw new Error(`sync-collection answered ${answer.status}: ${answer.body}`);
      const { members, token } = readMultistatus(answer.body);
      const truncated = await this.#apply(collection, replica, members, inline);
      if (token === '') throw new Error('no sync-token in the answer');
      replica.token = token;
      replica.partial = truncated;
      if (!truncated) return { kind: 'complete' };
    }
    return { kind: 'partial' };
  }

  async #apply(collection: string, replica: Replica, members: MemberState[], inline: boolean): Promise<boolean> {
    let truncated = false;
    const fetch: string[] = [];
    for (const member of members) {
      const name = nameOf(member.href, collection);
      if (name === '') truncated ||= member.status === 507;
      else if (member.status === 404) replica.items.delete(name);
      else if (inline) replica.items.set(name, { etag: member.etag, data: member.data });
      else fetch.push(member.href);
    }
    if (fetch.length > 0) await this.#multiget(collection, replica, fetch);
    return truncated;
  }

  async #multiget(collection: string, replica: Replica, hrefs: string[]): Promise<void> {
    const answer = await this.request('REPORT', collection, xmlHeaders, multigetBody(hrefs));
    if (answer.status !== 207) throw new Error(`multiget answered ${answer.status}: ${answer.body}`);
    const { members } = readMultistatus(answer.body);
    if (members.length !== hrefs.length) throw new Error(`multiget of ${hrefs.length} answered ${members.length}`);
    for (const member of members) {
      const name = nameOf(member.href, collection);
      if (member.status === 404) replica.items.delete(name);
      else replica.items.set(name, { etag: member.etag, data: member.data });
    }
  }
}

const xmlHeaders = { depth: '1', 'content-type': 'application/xml; charset=utf-8' };

function syncBody(token: string, limit: number, inline: boolean): string {
  const cap = limit > 0 ? `<limit><nresults>${limit}</nresults></limit>` : '';
  const data = inline ? '<c:calendar-data/>' : '';
  return `<sync-collection xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><sync-token>${token}</sync-token><sync-level>1</sync-level>${cap}<prop><getetag/>${data}</prop></sync-collection>`;
}

function multigetBody(hrefs: readonly string[]): string {
  const list = hrefs.map((href) => `<d:href>${href}</d:href>`).join('');
  return `<calendar-multiget xmlns="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><d:getetag/><calendar-data/></d:prop>${list}</calendar-multiget>`;
}

function nameOf(href: string, collection: string): string {
  if (!href.startsWith(collection)) throw new Error(`href ${href} is outside ${collection}`);
  return decodeURIComponent(href.slice(collection.length));
}

function readMultistatus(xml: string): { members: MemberState[]; token: string } {
  const members: MemberState[] = [];
  let token = '';
  let text = '';
  let member = { href: '', status: 0, etag: '', data: '' };
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    text = '';
    if (tag.local === 'response') member = { href: '', status: 0, etag: '', data: '' };
  });
  parser.on('text', (part) => {
    text += part;
  });
  parser.on('closetag', (tag) => {
    if (tag.local === 'href' && member.href === '') member.href = text;
    else if (tag.local === 'status') member.status = Number(text.split(' ')[1]);
    else if (tag.local === 'getetag') member.etag = text;
    else if (tag.local === 'calendar-data') member.data = text;
    else if (tag.local === 'sync-token') token = text;
    else if (tag.local === 'response') members.push(member);
  });
  parser.write(xml).close();
  return { members, token };
}
