import http from 'node:http';

/** What a calendar program of the Apple kind asks of each member before it fetches what is new. */
const APPLE_PROPERTIES = '<getcontenttype/><getetag/>';
/** What DAVx5 asks where it does not sync by token. */
const DAVX5_PROPERTIES = '<resourcetype/><getetag/><displayname/><getcontenttype/><c:schedule-tag/>';

export type PropertySet = 'getetag' | 'Apple' | 'DAVx5';
const PROPERTIES: Readonly<Record<PropertySet, string>> = {
  getetag: '<getetag/>',
  Apple: APPLE_PROPERTIES,
  DAVx5: DAVX5_PROPERTIES,
};

const CALDAV_NS = 'xmlns:c="urn:ietf:params:xml:ns:caldav"';

/** Sends the requests a calendar program sends over one kept connection. Anything but a 2xx answer is an error. */
export class DavClient {
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #origin: string;
  readonly #authorization: string;

  constructor(origin: string, user: string, password: string) {
    this.#origin = origin;
    this.#authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }

  close(): void {
    this.#agent.destroy();
  }

  propfind(path: string, set: PropertySet = 'getetag'): Promise<Buffer> {
    const body = `<propfind xmlns="DAV:" ${CALDAV_NS}><prop>${PROPERTIES[set]}</prop></propfind>`;
    return this.#send('PROPFIND', path, body, '1');
  }

  ctag(path: string): Promise<Buffer> {
    const body = '<propfind xmlns="DAV:"><prop><getctag xmlns="http://calendarserver.org/ns/"/></prop></propfind>';
    return this.#send('PROPFIND', path, body, '0');
  }

  query(path: string, range: readonly [string, string] | null): Promise<Buffer> {
    return this.#query(path, range ? `<c:time-range start="${range[0]}" end="${range[1]}"/>` : '');
  }

  /** Events whose summary has the text, which no index knows: every event is read and parsed. */
  search(path: string, text: string): Promise<Buffer> {
    return this.#query(path, `<c:prop-filter name="SUMMARY"><c:text-match>${text}</c:text-match></c:prop-filter>`);
  }

  #query(path: string, inner: string): Promise<Buffer> {
    const filter = `<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">${inner}</c:comp-filter></c:comp-filter>`;
    const body = `<c:calendar-query xmlns="DAV:" ${CALDAV_NS}><prop><getetag/><c:calendar-data/></prop><c:filter>${filter}</c:filter></c:calendar-query>`;
    return this.#send('REPORT', path, body, '1');
  }

  /** The whole calendar as one file. */
  export(path: string): Promise<Buffer> {
    return this.#send('GET', path, '', '0');
  }

  sync(path: string, token: string): Promise<Buffer> {
    const body = `<sync-collection xmlns="DAV:"><sync-token>${token}</sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>`;
    return this.#send('REPORT', path, body, '1');
  }

  /** The token of a folder as it is now. */
  async syncToken(path: string): Promise<string> {
    const token = /<(?:\w+:)?sync-token>([^<]+)</u.exec((await this.sync(path, '')).toString('latin1'))?.[1];
    if (!token) throw new Error('no sync-token in the answer');
    return token;
  }

  multiget(path: string, hrefs: readonly string[]): Promise<Buffer> {
    const list = hrefs.map((href) => `<href>${href}</href>`).join('');
    const body = `<c:calendar-multiget xmlns="DAV:" ${CALDAV_NS}><prop><getetag/><c:calendar-data/></prop>${list}</c:calendar-multiget>`;
    return this.#send('REPORT', path, body, '1');
  }

  put(path: string, body: string): Promise<Buffer> {
    return this.#send('PUT', path, body, '0', 'text/calendar; charset=utf-8');
  }

  #send(method: string, path: string, body: string, depth: string, type = 'application/xml'): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const headers = {
      authorization: this.#authorization,
      depth,
      'content-type': type,
      'content-length': Buffer.byteLength(body),
    };
    const request = http.request(new URL(path, this.#origin), { agent: this.#agent, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const answer = Buffer.concat(chunks);
        if (response.statusCode! < 300) resolve(answer);
        else reject(new Error(`${method} ${path} answered ${response.statusCode}: ${answer}`));
      });
    });
    request.on('error', reject);
    request.end(body);
    return promise;
  }
}
