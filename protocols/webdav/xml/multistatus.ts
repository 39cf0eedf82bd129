import type Koa from 'koa';
import type { Turns } from '../turns.ts';
import { DAV } from './element.ts';
import { ROOT_NAMESPACES, writeElement, XML_DECLARATION } from './write.ts';

const FLUSH_CHARACTERS = 64 * 1024;
const RESPONSES_PER_TURN = 500;
const HEAD = `${XML_DECLARATION}<D:multistatus${ROOT_NAMESPACES}>`;

/** The client closed the connection while the answer was being written. */
export class ClientGone extends Error {
  constructor() {
    super('The client went away before the answer was whole');
    this.name = 'ClientGone';
  }
}

/**
 * Writes a 207 (RFC 4918 §13) as it is made. Short answers get a Content-Length; longer ones are streamed in chunks
 * that wait for the client. Use: `if (out.response(xml)) await out.flush()` per member, then `await out.end()`.
 */
export class MultistatusWriter {
  readonly #koa: Koa.Context;
  readonly #logFields: Record<string, unknown>;
  readonly #turns: Turns;
  #pending = HEAD;
  #isStreaming = false;
  #responses = 0;
  #bytes = 0;

  constructor(koa: Koa.Context, logFields: Record<string, unknown>, turns: Turns) {
    this.#koa = koa;
    this.#logFields = logFields;
    this.#turns = turns;
  }

  /** Adds one whole `<D:response>`. True: now `await flush()` before going on. */
  response(xml: string): boolean {
    this.#pending += xml;
    this.#responses += 1;
    return this.#pending.length >= FLUSH_CHARACTERS || this.#responses % RESPONSES_PER_TURN === 0 || this.#turns.isOver;
  }

  /** Sends what has gathered and lets other requests have a turn. @throws ClientGone */
  async flush(): Promise<void> {
    if (this.#pending.length >= FLUSH_CHARACTERS) {
      await this.#send();
    }
    await this.#turns.give();
    this.#checkClient();
  }

  /**
   * Finishes the answer.
   * @param syncToken RFC 6578 §6.4, where the answer carries one.
   */
  async end(syncToken?: string): Promise<void> {
    const token = syncToken === undefined ? '' : writeElement(DAV, 'sync-token', syncToken);
    this.#pending += `${token}</D:multistatus>\n`;
    this.#logFields.members = this.#responses;
    if (this.#isStreaming) {
      await this.#send();
      this.#koa.res.end();
      this.#logFields.bytes = this.#bytes;
      return;
    }
    this.#koa.status = 207;
    this.#koa.set('Content-Type', 'application/xml; charset=utf-8');
    const body = Buffer.from(this.#pending, 'utf8');
    this.#logFields.bytes = body.length;
    this.#koa.body = body;
  }

  async #send(): Promise<void> {
    const { res } = this.#koa;
    if (!this.#isStreaming) {
      this.#koa.status = 207;
      this.#koa.set('Content-Type', 'application/xml; charset=utf-8');
      this.#koa.respond = false; // from here on the response is ours, not Koa's
      this.#isStreaming = true;
    }
    this.#checkClient();
    const chunk = Buffer.from(this.#pending, 'utf8');
    this.#pending = '';
    this.#bytes += chunk.length;
    if (!res.write(chunk)) {
      await drained(res);
    }
  }

  #checkClient(): void {
    if (this.#koa.res.destroyed) throw new ClientGone();
  }
}

/** Waits until the client has taken what was written. @throws ClientGone */
async function drained(res: Koa.Context['res']): Promise<void> {
  // Plain listeners: a long answer waits here for every chunk, and an AbortController makes an error with a stack each time.
  await new Promise<void>((resolve) => {
    const done = (): void => {
      res.off('drain', done);
      res.off('close', done);
      resolve();
    };
    res.on('drain', done);
    res.on('close', done);
  });
  if (res.destroyed) throw new ClientGone();
}
