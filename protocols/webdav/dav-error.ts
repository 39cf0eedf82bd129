import { DAV } from './xml/element.ts';
import { writeElement } from './xml/write.ts';

/** A precondition or postcondition element of an error body (RFC 4918 §16, RFC 3253 §1.6). */
export interface Condition {
  readonly ns: string;
  readonly name: string;
  /** Inner XML, e.g. a DAV:href; '' for an empty element. */
  readonly inner?: string;
}

export interface DavErrorOptions {
  readonly condition?: Condition;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A refusal that only HTTP knows (a wrong header, a method that does not fit the resource). What the core refuses is a
 * `GatewayError`; `status.ts` maps it.
 */
export class DavError extends Error {
  readonly status: number;
  readonly condition: Condition | null;
  readonly headers: Readonly<Record<string, string>>;

  /** @param message One sentence for the person who reads a log or a dialog. */
  constructor(status: number, message: string, options: DavErrorOptions = {}) {
    super(message);
    this.name = 'DavError';
    this.status = status;
    this.condition = options.condition ?? null;
    this.headers = options.headers ?? {};
  }
}

/** 404 for a name that names nothing, or nothing that this person may know of. */
export function nothingThere(): DavError {
  return new DavError(404, 'There is nothing of that name here.');
}

/** A condition in DAV:. */
export function davCondition(name: string, inner = ''): Condition {
  return { ns: DAV, name, inner };
}

/** The condition as one element. */
export function writeCondition(condition: Condition): string {
  return writeElement(condition.ns, condition.name, condition.inner ?? '');
}
