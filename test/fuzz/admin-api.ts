import assert from 'node:assert/strict';
import { operationsOf, parseDocument, readDocumentText } from '../../src/admin/http/document.ts';
import { createRoutes } from '../../src/admin/http/match-route.ts';
import { pageOf } from '../../src/admin/http/page-of.ts';
import { ApiProblem } from '../../src/admin/http/problem.ts';
import { queryOf } from '../../src/admin/http/query.ts';
import { parseJson } from '../../src/admin/http/read-body.ts';
import { createValidator } from '../../src/admin/http/validator.ts';
import { readRefreshToken } from '../../src/auth/tokens/refresh-token.ts';
import type { FuzzTarget } from './fuzz.ts';

const DOCUMENT = parseDocument(readDocumentText());
const OPERATIONS = operationsOf(DOCUMENT);
const MATCH = createRoutes(OPERATIONS);
const VALIDATOR = createValidator(DOCUMENT);
const KEY = new Uint8Array(32);

/** Requests to the Admin API: only ApiProblem; what is let through is what the document says, and nothing else. */
export const adminApiTarget: FuzzTarget = {
  name: 'admin-api',
  seeds: () =>
    OPERATIONS.flatMap(({ method, path, requestBody }) => {
      const body = requestBody?.content['application/json']?.example;
      const line = `${method} ${path.replaceAll(/\{\w+\}/g, '7')}?limit=5&cursor=YQ\n`;
      return [Buffer.from(`${line}${body === undefined ? '' : JSON.stringify(body)}`)];
    }),
  dictionary: [
    ...['{', '}', '[', ']', 'null', 'true', '1e999', '-1', '""', '\\u0000', '"__proto__":', '"constructor":', ','],
    ...['%2F', '%', '%ff', '/', '?', '&', '=', '&limit=', '&__proto__=', 'ann%40example.org', '\ufeff'],
  ],
  run(input) {
    const text = Buffer.from(input);
    const end = text.indexOf(10);
    const [method = '', target = ''] = text.subarray(0, Math.max(end, 0)).toString().split(' ');
    const [path = '', ...query] = target.split('?');
    const junk = readRefreshToken(KEY, target);
    assert.equal(junk, null);
    try {
      judge(method, path, query.join('?'), text.subarray(end + 1));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      assert.equal(error.status, 400);
    }
  },
};

function judge(method: string, path: string, querystring: string, bytes: Uint8Array): void {
  const found = MATCH(method, path);
  const query = queryOf(querystring);
  if (query.cursor !== undefined) pageOf(['a', 'b'], (key) => key, { cursor: query.cursor, limit: 1 });
  const body = parseJson(bytes);
  const tried = found.kind === 'found' ? [found.route] : OPERATIONS.map((operation) => ({ operation, path: {} }));
  for (const { operation, path: named } of tried) {
    const read = VALIDATOR.request(operation.operationId, { path: named, query, body });
    if (Array.isArray(read)) {
      assert.ok(read.length > 0 && read.every(({ detail }) => detail !== ''));
      continue;
    }
    // Once more: what was let through with its defaults is let through again, unchanged.
    const strings = (part: object) =>
      Object.fromEntries(Object.entries(part).map(([key, value]) => [key, String(value)]));
    const first = read as { path: object; query: object; body: unknown };
    const again = VALIDATOR.request(operation.operationId, {
      path: strings(first.path),
      query: strings(first.query),
      body: first.body,
    });
    assert.deepEqual(again, read);
  }
}
