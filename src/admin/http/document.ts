import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { AdminScope } from '../../domain/admin-role.ts';

/** A JSON schema, as far as this server reads it itself. */
export type Schema = Readonly<Record<string, unknown>>;

export interface MediaTypes {
  readonly [mediaType: string]: { readonly schema: Schema; readonly example?: unknown } | undefined;
}

export interface DocumentParameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required?: boolean;
  readonly description: string;
  readonly schema: Schema;
}

/** An operation of the document, its references resolved. */
export interface DocumentOperation {
  readonly operationId: string;
  /** The administration call that it makes, where that is not its name. */
  readonly 'x-call'?: string;
  /** Largest body, where it is not the usual one. */
  readonly 'x-body-bytes'?: number;
  readonly tags: readonly string[];
  readonly summary: string;
  /** Empty: for everybody; else a token with these scopes. */
  readonly security: readonly { readonly bearer: readonly AdminScope[] }[];
  readonly parameters?: readonly DocumentParameter[];
  readonly requestBody?: { readonly required: true; readonly content: MediaTypes };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: MediaTypes }>>;
}

const METHODS = ['get', 'post', 'put', 'delete'] as const;
export type Method = (typeof METHODS)[number];

type PathItem = { readonly parameters?: readonly DocumentParameter[] } & {
  readonly [M in Method]?: DocumentOperation;
};

export interface ApiDocument {
  readonly openapi: string;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** An operation where it is found. */
export interface PlacedOperation extends DocumentOperation {
  readonly method: Method;
  /** With its names in braces: `/users/{address}`. */
  readonly path: string;
  readonly parameters: readonly DocumentParameter[];
}

const FILE = new URL('../../../openapi/admin.yaml', import.meta.url);

/** The document as it is served. */
export function readDocumentText(): string {
  return readFileSync(FILE, 'utf8');
}

/** The document with every reference resolved: `$ref` to `#/components/…` alone is used in it, and nothing refers to itself. */
export function parseDocument(text: string): ApiDocument {
  const raw = parse(text) as ApiDocument;
  return resolved(raw, raw) as ApiDocument;
}

/** Every operation, with the parameters that stand at its path. */
export function operationsOf({ paths }: ApiDocument): readonly PlacedOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      if (operation === undefined) return [];
      return [
        { ...operation, method, path, parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])] },
      ];
    }),
  );
}

function resolved(value: unknown, root: ApiDocument): unknown {
  if (Array.isArray(value)) return value.map((part) => resolved(part, root));
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value) return resolved(target(String(value.$ref), root), root);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolved(part, root)]));
}

function target(ref: string, root: ApiDocument): unknown {
  const [, kind = '', name = ''] = /^#\/components\/(\w+)\/(\w+)$/.exec(ref) ?? [];
  const found = root.components[kind]?.[name];
  if (found === undefined) throw new TypeError(`openapi/admin.yaml refers to ${ref}, which is not there`);
  return found;
}
