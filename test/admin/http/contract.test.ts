import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  operationsOf,
  type PlacedOperation,
  parseDocument,
  readDocumentText,
} from '../../../src/admin/http/document.ts';
import { createValidator } from '../../../src/admin/http/validator.ts';
import { ADMIN_SCOPES } from '../../../src/domain/admin-role.ts';
import { CASES, type Case } from './cases.ts';
import { ANN, type Answer, type ApiWorld, apiWorld, BOB, type Send } from './world.ts';

const DOCUMENT = parseDocument(readDocumentText());
const OPERATIONS = operationsOf(DOCUMENT);
const VALIDATOR = createValidator(DOCUMENT);
/** What a rule asks before it decides, without doing anything. */
const LOOKS = new Set(['userList', 'recordList']);

function caseOf({ operationId }: PlacedOperation): Case {
  const found = CASES[operationId];
  assert.ok(found, `${operationId} has no case in test/admin/http/cases.ts`);
  return found;
}

async function requestOf(world: ApiWorld, operation: PlacedOperation, who: string): Promise<Send> {
  const { path, body } = caseOf(operation);
  const send = { method: operation.method.toUpperCase(), path: await path(world, who) };
  const request = body === undefined ? send : { ...send, body: await body(world, who) };
  world.made.length = 0;
  return request;
}

/** Whether an answer is one that the document promises for this operation. */
function hold({ operationId, responses }: PlacedOperation, { status, type, body }: Answer): void {
  const promised = responses[String(status)];
  assert.ok(promised, `${operationId} answered ${status}, which the document does not name: ${JSON.stringify(body)}`);
  const media = type.split(';')[0]!;
  assert.deepEqual(Object.keys(promised.content ?? { '': null }), [media]);
  if (media === '') assert.equal(body, '');
  if (!/json$/.test(media)) return;
  assert.deepEqual(VALIDATOR.answer(operationId, status, body), [], JSON.stringify(body));
}

function holdProblem(operation: PlacedOperation, answer: Answer, status: number, code?: string): void {
  hold(operation, answer);
  const problem = answer.body as { status: number; code: string; instance: string };
  assert.deepEqual([answer.status, problem.status], [status, status], JSON.stringify(problem));
  assert.equal(problem.instance, answer.headers.get('x-request-id'));
  if (code !== undefined) assert.equal(problem.code, code);
}

const scopesOf = ({ security }: PlacedOperation) => security.flatMap(({ bearer }) => bearer);
const needsToken = ({ security }: PlacedOperation) => security.length > 0;

test('every operation has a case, and every case an operation', () => {
  const operations = OPERATIONS.map(({ operationId }) => operationId);
  assert.ok(operations.length > 40);
  assert.deepEqual(Object.keys(CASES).toSorted(), operations.toSorted());
});

for (const operation of OPERATIONS) {
  const { operationId, parameters, requestBody } = operation;

  test(`${operationId}: does it for who has the scope alone, and answers as the document says`, async (t) => {
    const world = await apiWorld(t);
    const request = await requestOf(world, operation, ANN);
    const answer = await world.send({ ...request, token: world.tokenOf(scopesOf(operation)) });
    assert.ok(answer.status >= 200 && answer.status < 300, JSON.stringify(answer.body));
    hold(operation, answer);
    const { elsewhere, check } = caseOf(operation);
    if (elsewhere !== 'filtered') await check?.(answer, world);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  });

  test(`${operationId}: what is not as the document says is 400, and nothing is done`, async (t) => {
    const world = await apiWorld(t);
    const request = await requestOf(world, operation, ANN);
    const bad: Send[] = [{ ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}nonsense=1` }];
    for (const { name, in: place, schema } of parameters) {
      if (place === 'query' && schema.type === 'integer')
        bad.push({ ...request, path: `${request.path.split('?')[0]}?${name}=x` });
      if (place === 'query') bad.push({ ...request, path: `${request.path.split('?')[0]}?${name}=&${name}=` });
    }
    if (requestBody !== undefined) {
      const body = request.body as Record<string, unknown>;
      bad.push({ ...request, body: { ...body, nonsense: 1 } }, { ...request, body: [] }, { ...request, body: null });
      for (const name of Object.keys(body)) bad.push({ ...request, body: { ...body, [name]: [[]] } });
      const schema = requestBody.content['application/json']!.schema as { readonly required?: readonly string[] };
      for (const name of schema.required ?? []) bad.push({ ...request, body: { ...body, [name]: undefined } });
      const { body: _, ...bare } = request;
      for (const text of ['', '{', 'x', '{"a":1}x']) bad.push({ ...bare, text });
    }
    for (const one of bad) {
      const answer = await world.send({ ...one, token: world.all });
      holdProblem(operation, answer, 400, 'request-invalid');
      assert.deepEqual(world.made, [], JSON.stringify(one));
    }
    if (requestBody === undefined) return;
    const typed = await world.send({ ...request, type: 'text/plain', token: world.all });
    holdProblem(operation, typed, 415, 'media-type');
    assert.deepEqual(world.made, []);
  });

  if (!needsToken(operation)) continue;

  test(`${operationId}: without a token, or with one that is none, it is 401, and nothing is done`, async (t) => {
    const world = await apiWorld(t);
    const request = await requestOf(world, operation, ANN);
    for (const token of ['', 'none', 'eyJhbGciOiJub25lIn0.e30.']) {
      const answer = await world.send({ ...request, token });
      holdProblem(operation, answer, 401, 'unauthenticated');
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer /);
    }
    assert.deepEqual(world.made, []);
  });

  const scopes = scopesOf(operation);
  if (scopes.length > 0) {
    test(`${operationId}: with every scope but ${scopes} it is 403, and nothing is done`, async (t) => {
      const world = await apiWorld(t);
      const others = ADMIN_SCOPES.filter((scope) => !scopes.includes(scope));
      const answer = await world.send({ ...(await requestOf(world, operation, ANN)), token: world.tokenOf(others) });
      holdProblem(operation, answer, 403, 'access-denied');
      assert.match((answer.body as { detail: string }).detail, new RegExp(`"${scopes[0]}"`));
      assert.deepEqual(world.made, []);
    });
  }

  const { elsewhere, check } = caseOf(operation);
  test(`${operationId}: an administrator of another domain is ${elsewhere}`, async (t) => {
    const world = await apiWorld(t);
    const token = world.tokenOf(ADMIN_SCOPES, 'example.org');
    const answer = await world.send({ ...(await requestOf(world, operation, BOB)), token });
    if (elsewhere === 'filtered') {
      assert.equal(answer.status, 200);
      hold(operation, answer);
      await check?.(answer, world);
      return;
    }
    if (elsewhere === 'missing') holdProblem(operation, answer, 404, 'item-not-found');
    else holdProblem(operation, answer, 403, 'access-denied');
    assert.deepEqual(
      world.made.filter((call) => !LOOKS.has(call)),
      [],
    );
  });
}
