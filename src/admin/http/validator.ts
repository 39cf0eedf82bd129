import { type Document, OpenAPIValidator } from 'openapi-backend';
import type { ApiDocument } from './document.ts';
import type { Mistake } from './problem.ts';

/** What came, taken apart; `path` and `query` are strings and become what the document says they are. */
export interface RawRequest {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What came, as the document says it is: numbers are numbers, and what is missing has its default. */
export interface ReadRequest {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** Holds requests and answers to the document. */
export interface Validator {
  /** The request with defaults filled in, or what is wrong with it. */
  request(operationId: string, raw: RawRequest): ReadRequest | readonly Mistake[];
  /** What is wrong with an answer; nothing for what the document does not describe as JSON. */
  answer(operationId: string, status: number, body: unknown): readonly Mistake[];
}

/** As many are told at once: somebody who sends junk need not read all about it. */
const MOST_MISTAKES = 20;

interface SchemaError {
  readonly instancePath: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export function createValidator(document: ApiDocument): Validator {
  const definition = withProblemsAsJson(document) as unknown as Document;
  const validator = new OpenAPIValidator({
    definition,
    // Compiled at the first use of each: a start waits for none, and a schema costs some milliseconds once.
    lazyCompileValidators: true,
    ajvOpts: { allErrors: true, useDefaults: true },
    customizeAjv: (ajv) => ajv.addFormat('byte', { type: 'string', validate: isBase64 }),
  });
  return {
    request(operationId, { path, query, body }) {
      const request = { path: { ...path }, query: { ...query }, header: {}, cookie: {}, requestBody: body };
      const mistakes = validator.getRequestValidatorsForOperation(operationId).flatMap((validate) => {
        validate(request);
        return mistakesOf(validate.errors ?? []);
      });
      if (mistakes.length > 0) return mistakes.slice(0, MOST_MISTAKES);
      return { path: request.path, query: request.query, body: request.requestBody };
    },
    answer(operationId, status, body) {
      const { errors } = validator.validateResponse(body, operationId, status);
      return mistakesOf(errors ?? []).slice(0, MOST_MISTAKES);
    },
  };
}

/** The package's own pattern for this format needs a place on the stack for every four characters, and fails on large items. */
function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function mistakesOf(errors: readonly SchemaError[]): readonly Mistake[] {
  return errors.map(({ instancePath, message, params }) => {
    const named = params.additionalProperty ?? params.allowedValues;
    const detail = `${message ?? 'is not as it should be'}${named === undefined ? '' : `: ${String(named)}`}`;
    return { pointer: instancePath.replace(/^\/requestBody/, '/body'), detail };
  });
}

/** The validator looks at `application/json` alone. */
function withProblemsAsJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withProblemsAsJson);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => {
    return [key === 'application/problem+json' ? 'application/json' : key, withProblemsAsJson(part)];
  });
  return Object.fromEntries(entries);
}
