import type { IncomingMessage } from 'node:http';

/** Counts a request's body as it arrives, whoever reads it, without making it flow. */
export interface BodyMeter {
  readonly bytes: number;
  /** Calls back after each chunk. */
  onBytes(callback: (bytes: number) => void): void;
}

/** Begins to count. To be called before anything reads the body. */
export function meterBody(request: IncomingMessage): BodyMeter {
  let bytes = 0;
  const callbacks: ((bytes: number) => void)[] = [];
  const push = request.push.bind(request);
  // A 'data' listener would start the flow; the parser hands every chunk to push.
  request.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (chunk instanceof Uint8Array) {
      bytes += chunk.length;
      for (const callback of callbacks) callback(bytes);
    }
    return push(chunk, encoding);
  };
  return {
    get bytes() {
      return bytes;
    },
    onBytes: (callback) => callbacks.push(callback),
  };
}
