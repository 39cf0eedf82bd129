import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { ADMINISTRATION_CALLS, type AdministrationCall } from '../../../src/admin/administration.ts';
import { CALL_RULES } from '../../../src/admin/authority/call-rules.ts';
import { type ApiDocument, operationsOf, parseDocument, readDocumentText } from '../../../src/admin/http/document.ts';
import { ALL_OPERATIONS } from '../../../src/admin/http/operations/all-operations.ts';
import { problemOf } from '../../../src/admin/http/problem.ts';
import { createValidator } from '../../../src/admin/http/validator.ts';
import { type ErrorCode, GatewayError } from '../../../src/domain/errors.ts';
import { OPENAPI_RULES } from './openapi-rules.ts';

const TEXT = readDocumentText();
const RAW = parse(TEXT) as ApiDocument;
const DOCUMENT = parseDocument(TEXT);
const OPERATIONS = operationsOf(DOCUMENT);
const VALIDATOR = createValidator(DOCUMENT);

/** Calls that are no operation, and why. */
const SOCKET_ONLY: Partial<Record<AdministrationCall, string>> = {
  deviceApprove: 'the word of a device’s owner, on /me; administrators have deviceDecide',
};

/** Operations that are no call. */
const OWN_OPERATIONS = ['documentShow', 'tokenShow', 'tokenSignIn', 'tokenRefresh', 'tokenRevoke'];

test('the document is valid OpenAPI 3.1', () => {
  const { error } = OPENAPI_RULES.safeParse(RAW);
  assert.equal(error === undefined ? '' : z.prettifyError(error), '');
});

const BREAKS: readonly (readonly [what: string, path: readonly string[], value: unknown])[] = [
  ['another version', ['openapi'], '3.0.3'],
  ['a field that is none', ['paths', '/users', 'get', 'sumary'], 'x'],
  ['a response without a description', ['paths', '/users', 'get', 'responses', '200'], {}],
  ['a keyword of OpenAPI 3.0', ['components', 'schemas', 'Text', 'nullable'], true],
  ['a type that is none', ['components', 'schemas', 'Text', 'type'], 'text'],
  ['a path without a slash', ['paths', 'users'], {}],
  ['a required name that is no property', ['components', 'schemas', 'Role', 'required'], ['nothing']],
];
for (const [what, path, value] of BREAKS) {
  test(`a document with ${what} is noticed`, () => {
    const broken = structuredClone(RAW) as unknown as Record<string, unknown>;
    const parent = path.slice(0, -1).reduce((part, key) => part[key] as Record<string, unknown>, broken);
    parent[path.at(-1)!] = value;
    assert.equal(OPENAPI_RULES.safeParse(broken).success, false);
  });
}

test('every reference leads to a component', () => {
  const broken = TEXT.replace('#/components/schemas/UserDetails', '#/components/schemas/Nothing');
  assert.throws(() => parseDocument(broken), /Nothing, which is not there/);
});

test('every operation has its own name, a summary, one known tag, security, and says how it refuses', () => {
  const names = OPERATIONS.map(({ operationId }) => operationId);
  assert.equal(new Set(names).size, names.length);
  const tags = RAW.tags.map(({ name }) => name);
  for (const { operationId, summary, security, responses, tags: own, method, path } of OPERATIONS) {
    assert.ok(typeof summary === 'string' && summary.length >= 5 && !summary.endsWith('.'), operationId);
    assert.ok(own.length === 1 && tags.includes(own[0]!), operationId);
    assert.ok(Array.isArray(security), `${operationId} says nothing of security`);
    const statuses = Object.keys(responses);
    assert.equal(statuses.filter((status) => status.startsWith('2')).length, 1, operationId);
    // A full disk and a store that cannot answer refuse anything, and a strict client must find that described.
    assert.ok(statuses.includes('400') && statuses.includes('default'), operationId);
    if (security.length > 0) assert.ok(statuses.includes('401'), operationId);
    if (security.some(({ bearer }) => bearer.length > 0)) assert.ok(statuses.includes('403'), operationId);
    assert.ok(!(method === 'get' && 'requestBody' in DOCUMENT.paths[path]!), operationId);
  }
  const used = new Set(OPERATIONS.flatMap(({ tags: own }) => own));
  assert.deepEqual(
    tags.filter((tag) => !used.has(tag)),
    [],
  );
});

test('every name in a path is described, and nothing else is', () => {
  for (const { operationId, path, parameters } of OPERATIONS) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const described = parameters.filter((one) => one.in === 'path');
    assert.deepEqual(
      described.map(({ name }) => name),
      inPath,
      operationId,
    );
    assert.ok(
      described.every(({ required }) => required === true),
      operationId,
    );
    for (const { name, description, schema } of parameters) {
      assert.ok(description.length > 3, `${operationId}: ${name}`);
      const isBounded = schema.type === 'integer' || 'enum' in schema || 'maxLength' in schema;
      assert.ok(isBounded, `${operationId}: ${name} can be as long as it likes`);
    }
  }
});

test('every JSON body has an example that is as its schema says', () => {
  for (const operation of OPERATIONS) {
    const { operationId, requestBody, responses } = operation;
    if (requestBody !== undefined) {
      const { example } = requestBody.content['application/json']!;
      assert.ok(example !== undefined, `the request of ${operationId} has no example`);
      const path = Object.fromEntries(
        operation.parameters.filter((one) => one.in === 'path').map(({ name }) => [name, '7']),
      );
      const read = VALIDATOR.request(operationId, { path, query: {}, body: structuredClone(example) });
      const mistakes = Array.isArray(read) ? read.filter(({ pointer }) => pointer.startsWith('/body')) : [];
      assert.deepEqual(mistakes, [], operationId);
    }
    for (const [status, { content }] of Object.entries(responses)) {
      const media = content?.['application/json'];
      if (media === undefined) continue;
      assert.ok(media.example !== undefined, `${operationId} ${status} has no example`);
      assert.deepEqual(VALIDATOR.answer(operationId, Number(status), media.example), [], operationId);
    }
  }
});

test('what is sent and answered is closed: a field that the document does not name is noticed', () => {
  for (const { operationId, requestBody, responses } of OPERATIONS) {
    const schemas = [requestBody?.content['application/json']?.schema].concat(
      Object.values(responses).map(({ content }) => content?.['application/json']?.schema),
    );
    for (const schema of schemas) if (schema !== undefined) assertClosed(schema as Closable, operationId);
  }
});

interface Closable {
  readonly properties?: Readonly<Record<string, Closable>>;
  readonly additionalProperties?: boolean | Closable;
  readonly items?: Closable;
  readonly anyOf?: readonly Closable[];
}

function assertClosed({ properties, additionalProperties, items, anyOf = [] }: Closable, where: string): void {
  if (properties !== undefined) assert.equal(additionalProperties, false, where);
  for (const [name, part] of Object.entries(properties ?? {})) assertClosed(part, `${where}/${name}`);
  if (typeof additionalProperties === 'object') assertClosed(additionalProperties, `${where}/*`);
  if (items !== undefined) assertClosed(items, `${where}[]`);
  for (const part of anyOf) assertClosed(part, where);
}

test('every component is used', () => {
  const used = new Set([...TEXT.matchAll(/#\/components\/(\w+\/\w+)/g)].map((match) => match[1]));
  const all = Object.entries(RAW.components).flatMap(([kind, parts]) =>
    Object.keys(parts).map((name) => `${kind}/${name}`),
  );
  assert.deepEqual(
    all.filter((name) => !used.has(name) && name !== 'securitySchemes/bearer'),
    [],
  );
});

test('every call is an operation, or says why it is none; every operation is answered', () => {
  const callOf = (operation: (typeof OPERATIONS)[number]) => operation['x-call'] ?? operation.operationId;
  const calls = OPERATIONS.map(callOf).filter((name) => !OWN_OPERATIONS.includes(name));
  assert.deepEqual(
    [...new Set([...calls, ...Object.keys(SOCKET_ONLY)])].toSorted(),
    [...ADMINISTRATION_CALLS].toSorted(),
  );
  assert.deepEqual(
    [...Object.keys(ALL_OPERATIONS), 'documentShow'].toSorted(),
    OPERATIONS.map(({ operationId }) => operationId).toSorted(),
  );
});

test('the scope an operation names is the one that its call asks for', () => {
  for (const operation of OPERATIONS) {
    if (OWN_OPERATIONS.includes(operation.operationId)) continue;
    const call = (operation['x-call'] ?? operation.operationId) as AdministrationCall;
    assert.deepEqual(operation.security, [{ bearer: [CALL_RULES[call].scope] }], operation.operationId);
  }
});

test('every refusal of the core has a status that says whose fault it is', () => {
  const missing = problemOf(new GatewayError('item-not-found', { item: 'x' }, 'There is no x.'));
  assert.deepEqual([missing.status, missing.code, missing.message], [404, 'item-not-found', 'There is no x.']);
  for (const code of ['store-unavailable', 'storage-full', 'quota-exceeded'] satisfies ErrorCode[]) {
    assert.ok(problemOf(new GatewayError(code, { reason: '' } as never)).status >= 500, code);
  }
});
