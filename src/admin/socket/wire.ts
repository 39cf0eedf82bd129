import { type ErrorCode, type ErrorFacts, GatewayError } from '../../domain/errors.ts';

/**
 * One JSON object a line, both ways. Bytes travel as `{"$bytes": "<base64>"}`.
 * Request: {id, call, input}. Answers: any number of {id, progress: [done, total]}, then {id, result} or {id, error}.
 */
export interface WireRequest {
  readonly id: number;
  readonly call: string;
  readonly input: unknown;
}

export type WireAnswer =
  | { readonly id: number; readonly progress: readonly [number, number] }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: WireError };

export interface WireError {
  readonly message: string;
  /** Both present for a GatewayError. */
  readonly code?: string;
  readonly facts?: unknown;
}

/** Longest line taken, in bytes: a batch of 500 items stays far below. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

export function encodeLine(message: WireRequest | WireAnswer): string {
  return `${JSON.stringify(withBase64(message))}\n`;
}

/** @throws SyntaxError when the line is no JSON */
export function decodeLine(line: string): unknown {
  return JSON.parse(line, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('$bytes' in value)) return value;
    return typeof value.$bytes === 'string' ? Buffer.from(value.$bytes, 'base64') : value;
  });
}

function withBase64(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return { $bytes: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
  }
  if (Array.isArray(value)) return value.map(withBase64);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withBase64(part)]));
}

export function toWireError(error: unknown): WireError {
  if (error instanceof GatewayError) return { message: error.message, code: error.code, facts: error.facts };
  return { message: error instanceof Error ? error.message : String(error) };
}

export function fromWireError({ message, code, facts }: WireError): Error {
  if (code === undefined) return new Error(message);
  return new GatewayError(code as ErrorCode, facts as ErrorFacts[ErrorCode], message);
}

/** Cuts what arrives into lines. `onLine` gets each without its line end; too long a line is an error. */
export function lineSplitter(onLine: (line: string) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let bytes = 0;
  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      const line = Buffer.concat(parts).toString('utf8');
      parts = [];
      bytes = 0;
      start = end + 1;
      onLine(line);
    }
    const rest = chunk.subarray(start);
    bytes += rest.length;
    if (bytes > MAX_LINE_BYTES) throw new Error(`a message is longer than ${MAX_LINE_BYTES} bytes`);
    if (rest.length > 0) parts.push(rest);
  };
}
