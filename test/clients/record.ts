/**
 * Stands between a client and a gateway and writes every exchange into a capture folder:
 * `node test/clients/record.ts UPSTREAM_URL PORT FOLDER`. Ends on SIGTERM. Exchanges go through one after the other:
 * the order of a capture is then the order in which the gateway worked, and a replay can expect the same answers.
 * Only requests that wait for news let others pass; of them it is kept which exchange was the last to begin meanwhile.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { CAPTURE_ORIGIN, type CapturedMessage, exchangeFiles, withoutCredentials } from '../../src/recorder/capture.ts';

const [upstream, port, folder] = process.argv.slice(2);
if (!upstream || !port || !folder) throw new TypeError('usage: record.ts UPSTREAM_URL PORT FOLDER');
const target = new URL(upstream);
const origin = `http://127.0.0.1:${port}`;
let sequence = 0;
let previous: Promise<void> = Promise.resolve();

const server = http.createServer((request, response) => {
  const own = previous.then(() => exchange(request, response));
  // A phone's Ping waits for what another client does after it.
  if (!isWaiting(request)) previous = own;
});
server.listen(Number(port), '127.0.0.1', () => console.log(`recording ${origin} → ${target.origin} into ${folder}`));
process.on('SIGTERM', () => process.exit(0));

async function exchange(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const body = await readAll(request);
  sequence += 1;
  const number = sequence;
  const answer = await forward(request, body);
  response.writeHead(answer.status, answer.rawHeaders.flat());
  response.end(answer.body);
  const sent: CapturedMessage = {
    startLine: `${request.method} ${request.url} HTTP/1.1`,
    headers: pairs(request.rawHeaders),
    body,
  };
  const received: CapturedMessage = {
    startLine: `HTTP/1.1 ${answer.status}`,
    headers: answer.rawHeaders,
    body: answer.body,
  };
  const parkedUntil = sequence === number ? null : sequence;
  mkdirSync(folder!, { recursive: true });
  for (const { name, content } of exchangeFiles(number, redact(sent), redact(received), parkedUntil)) {
    writeFileSync(join(folder!, name), content);
  }
}

function isWaiting({ url = '' }: http.IncomingMessage): boolean {
  return /[?&]Cmd=Ping(?:&|$)/u.test(url);
}

interface Answer {
  readonly status: number;
  readonly rawHeaders: [string, string][];
  readonly body: Buffer;
}

function forward(request: http.IncomingMessage, body: Buffer): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = http.request(
    {
      host: target.hostname,
      port: target.port,
      method: request.method!,
      path: request.url!,
      headers: forwarded(request),
    },
    async (answer) => {
      const bytes = await readAll(answer);
      const rawHeaders = pairs(answer.rawHeaders).filter(([name]) => !/^(transfer-encoding|connection)$/iu.test(name));
      resolve({ status: answer.statusCode!, rawHeaders, body: bytes });
    },
  );
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

/** The Host stays as the client sent it, so that absolute URLs in answers lead back here. */
function forwarded(request: http.IncomingMessage): Record<string, string> {
  return Object.fromEntries(pairs(request.rawHeaders).filter(([name]) => !/^(connection|expect)$/iu.test(name)));
}

function pairs(raw: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let i = 0; i < raw.length; i += 2) result.push([raw[i]!, raw[i + 1]!]);
  return result;
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Takes the run's own address and credentials out of a message. */
function redact(message: CapturedMessage): CapturedMessage {
  const host = new URL(origin).host;
  const plain = (text: string) =>
    text.replaceAll(origin, CAPTURE_ORIGIN).replaceAll(host, new URL(CAPTURE_ORIGIN).host);
  return {
    startLine: plain(message.startLine),
    headers: withoutCredentials(message.headers).map(([name, value]) => [name, plain(value)]),
    body: Buffer.from(plain(message.body.toString('latin1')), 'latin1'),
  };
}
