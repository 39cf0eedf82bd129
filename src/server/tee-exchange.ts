import type { IncomingMessage, ServerResponse } from 'node:http';

/** Bodies above this are not kept, only their length. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** What all requests that are being recorded hold together. */
const MAX_HELD_BYTES = 128 * 1024 * 1024;

/** Bytes that were kept, or only counted because they were too many. */
export interface KeptBody {
  readonly bytes: number;
  /** null when they were too many, or kept no longer. */
  content(): Buffer | null;
  /** Keeps nothing from now on. */
  release(): void;
}

/** What is held now, over all requests. */
export class HeldBytes {
  #held = 0;

  take(bytes: number): boolean {
    if (this.#held + bytes > MAX_HELD_BYTES) return false;
    this.#held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}

class Keeper implements KeptBody {
  readonly #held: HeldBytes;
  #chunks: Uint8Array[] | null = [];
  #kept = 0;
  bytes = 0;

  constructor(held: HeldBytes) {
    this.#held = held;
  }

  take(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (this.#chunks === null) return;
    if (this.bytes > MAX_BODY_BYTES || !this.#held.take(chunk.length)) {
      this.release();
      return;
    }
    this.#kept += chunk.length;
    this.#chunks.push(chunk);
  }

  content(): Buffer | null {
    return this.#chunks === null ? null : Buffer.concat(this.#chunks);
  }

  release(): void {
    this.#chunks = null;
    this.#held.give(this.#kept);
    this.#kept = 0;
  }
}

/** Keeps a request's body as it arrives, whoever reads it, without making it flow (see body-meter.ts). */
export function keepRequest(request: IncomingMessage, held: HeldBytes): KeptBody {
  const keeper = new Keeper(held);
  const push = request.push.bind(request);
  request.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (chunk instanceof Uint8Array) keeper.take(chunk);
    return push(chunk, encoding);
  };
  return keeper;
}

/** Keeps what is written as an answer; what `write` says of a slow client goes to the writer as it is. */
export function keepResponse(response: ServerResponse, held: HeldBytes): KeptBody {
  const keeper = new Keeper(held);
  const keep = (chunk: unknown, encoding: unknown) => {
    if (chunk instanceof Uint8Array) keeper.take(Uint8Array.from(chunk));
    else if (typeof chunk === 'string') {
      keeper.take(Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'));
    }
  };
  const { write, end } = response;
  response.write = function (this: ServerResponse, ...args: Parameters<typeof write>) {
    keep(args[0], args[1]);
    return Reflect.apply(write, this, args);
  } as typeof write;
  response.end = function (this: ServerResponse, ...args: Parameters<typeof end>) {
    keep(args[0], args[1]);
    return Reflect.apply(end, this, args);
  } as typeof end;
  return keeper;
}
