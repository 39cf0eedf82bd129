import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { decodeWbxml } from '../../../protocols/activesync/wbxml/decode.ts';
import type { WbxElement } from '../../../protocols/activesync/wbxml/element.ts';
import { encodeWbxml } from '../../../protocols/activesync/wbxml/encode.ts';
import { wbxmlToXml } from '../../../protocols/activesync/wbxml/to-xml.ts';
import { wbxFromXml } from '../../protocols/activesync/wbxml/from-xml.ts';

export interface PhoneOptions {
  /** Where the gateway listens. */
  readonly origin: string;
  readonly user: string;
  readonly password: string;
  readonly deviceId?: string;
  readonly deviceType?: string;
  readonly userAgent?: string;
  readonly version?: '12.1' | '14.0' | '14.1';
}

export interface PhoneRequest {
  /** Further parameters of the plain query. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Everything behind the `?`, in place of what is made. */
  readonly rawQuery?: string;
  readonly method?: string;
  /** The whole target, in place of the endpoint's with a query. */
  readonly path?: string;
  readonly onSent?: (request: ClientRequest) => void;
}

export interface PhoneAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** The document; null for an empty or other body. */
  readonly root: WbxElement | null;
  /** The document as XML for comparison with what is expected, without white space between elements; '' for none. */
  readonly xml: string;
}

/** A phone as the wire sees it: it builds requests and reads answers, and knows nothing of what they mean. */
export class Phone {
  readonly options: PhoneOptions;
  policyKey: string | null = null;

  constructor(options: PhoneOptions) {
    this.options = options;
  }

  /** Sends a command. The body is a document as XML (dialect of `wbxFromXml`) or as elements, bytes as they are, or none. */
  async post(
    command: string,
    body: string | WbxElement | Uint8Array | null,
    request: PhoneRequest = {},
  ): Promise<PhoneAnswer> {
    return this.send(request.method ?? 'POST', command, bytesOf(body), request);
  }

  /** The document of an answer that must have one and be 200. */
  async command(
    command: string,
    body: string | WbxElement | Uint8Array | null,
    request: PhoneRequest = {},
  ): Promise<WbxElement> {
    const answer = await this.post(command, body, request);
    if (answer.status !== 200 || answer.root === null) {
      throw new Error(`${command}: HTTP ${answer.status}, ${answer.body.length} bytes`);
    }
    return answer.root;
  }

  send(method: string, command: string, body: Uint8Array, request: PhoneRequest = {}): Promise<PhoneAnswer> {
    const { origin, user, password, deviceId = 'PHONE1', deviceType = 'TestPhone' } = this.options;
    const query = new URLSearchParams({
      Cmd: command,
      User: user,
      DeviceId: deviceId,
      DeviceType: deviceType,
      ...request.query,
    });
    const search = request.rawQuery ?? query.toString();
    const url = new URL(request.path ?? `/Microsoft-Server-ActiveSync?${search}`, origin);
    const headers: Record<string, string> = {
      Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      'MS-ASProtocolVersion': this.options.version ?? '14.1',
      'User-Agent': this.options.userAgent ?? 'TestPhone/1.0',
      ...(body.length > 0 ? { 'Content-Type': 'application/vnd.ms-sync.wbxml' } : {}),
      'Content-Length': String(body.length),
      ...(this.policyKey === null ? {} : { 'X-MS-PolicyKey': this.policyKey }),
      ...request.headers,
    };
    const { promise, resolve, reject } = Promise.withResolvers<PhoneAnswer>();
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const sent = send(url, { method, headers, rejectUnauthorized: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve(answerOf(response, Buffer.concat(chunks))));
    });
    sent.on('error', reject);
    sent.end(body);
    request.onSent?.(sent);
    return promise;
  }
}

function bytesOf(body: string | WbxElement | Uint8Array | null): Uint8Array {
  if (body === null) return new Uint8Array(0);
  if (body instanceof Uint8Array) return body;
  return encodeWbxml(typeof body === 'string' ? wbxFromXml(body) : body, { version: 'any' });
}

function answerOf(response: IncomingMessage, body: Buffer): PhoneAnswer {
  const isDocument = response.headers['content-type'] === 'application/vnd.ms-sync.wbxml' && body.length > 0;
  const isPacked = response.headers['content-encoding'] !== undefined;
  const root = isDocument && !isPacked ? decodeWbxml(body) : null;
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body,
    root,
    xml: root === null ? '' : wbxmlToXml(root),
  };
}
