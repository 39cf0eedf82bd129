import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../../../domain/errors.ts';

/** The largest thing people send is a list of access rules. */
const MOST_BYTES = 1024 * 1024;

/** The fields of a form that was sent. */
export class Form {
  readonly #fields: URLSearchParams;

  constructor(fields: URLSearchParams) {
    this.#fields = fields;
  }

  /** '' for a field that is absent; line ends as they are typed here, not as forms send them. */
  text(name: string): string {
    return (this.#fields.get(name) ?? '').replaceAll('\r\n', '\n').trim();
  }

  /** As it is: of a password every character counts. */
  secret(name: string): string {
    return this.#fields.get(name) ?? '';
  }

  /** Null for a field that is absent or empty. */
  optional(name: string): string | null {
    return this.text(name) || null;
  }

  flag(name: string): boolean {
    return this.#fields.has(name);
  }

  all(name: string): readonly string[] {
    return this.#fields.getAll(name);
  }

  names(): readonly string[] {
    return [...new Set(this.#fields.keys())];
  }

  /**
   * Null for a field that is absent or empty.
   * @throws GatewayError 'object-invalid' where it is no whole number
   */
  number(name: string, label: string): number | null {
    const text = this.text(name);
    if (text === '') return null;
    if (/^-?\d{1,15}$/.test(text)) return Number(text);
    const reason = `${label} is "${text}", which is no whole number`;
    throw new GatewayError('object-invalid', { reason }, `${reason}. Write it with digits only.`);
  }
}

/** Why a body is no form. */
export type FormProblem = 'type' | 'size';

/** Reads the body of a POST as a browser's form sends it. */
export async function readForm(request: IncomingMessage): Promise<Form | FormProblem> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return 'type';
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) return 'size';
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return 'size';
    chunks.push(chunk);
  }
  return new Form(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
}
