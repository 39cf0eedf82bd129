import http from 'node:http';

/** Sends the requests a calendar program sends and counts the bytes of the answers without looking at them. */
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

  propfind(path: string): Promise<number> {
    return this.#bytes('PROPFIND', path, '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>', '1');
  }

  ctag(path: string): Promise<number> {
    const body = '<propfind xmlns="DAV:"><prop><getctag xmlns="http://calendarserver.org/ns/"/></prop></propfind>';
    return this.#bytes('PROPFIND', path, body, '0');
  }

  query(path: string, range: readonly [string, string] | null): Promise<number> {
    const inner = range ? `<c:time-range start="${range[0]}" end="${range[1]}"/>` : '';
    const filter = `<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">${inner}</c:comp-filter></c:comp-filter>`;
    const body = `<c:calendar-query xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><prop><getetag/><c:calendar-data/></prop><c:filter>${filter}</c:filter></c:calendar-query>`;
    return this.#bytes('REPORT', path, body, '1');
  }

  async sync(path: string, token: string): Promise<{ token: string; bytes: number }> {
    const body = `<sync-collection xmlns="DAV:"><sync-token>${token}</sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>`;
    const answer = await this.#send('REPORT', path, body, '1');
    const next = /<(?:\w+:)?sync-token>([^<]+)</u.exec(answer.toString('latin1'))?.[1];
    if (!next) throw new Error('no sync-token in the answer');
    return { token: next, bytes: answer.length };
  }

  multiget(path: string, hrefs: readonly string[]): Promise<number> {
    const list = hrefs.map((href) => `<href>${href}</href>`).join('');
    const body = `<c:calendar-multiget xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><prop><getetag/><c:calendar-data/></prop>${list}</c:calendar-multiget>`;
    return this.#bytes('REPORT', path, body, '1');
  }

  put(path: string, body: string): Promise<number> {
    return this.#bytes('PUT', path, body, '0', 'text/calendar; charset=utf-8');
  }

  async #bytes(method: string, path: string, body: string, depth: string, type?: string): Promise<number> {
    return (await this.#send(method, path, body, depth, type)).length;
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
