import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf, wentWell } from '../../src/devices/request-outcome.ts';

const request = (status: number | null, fields: Record<string, unknown> = {}) =>
  errorOf({ method: 'PUT', status, fields });

test('an error is what was refused, or answered so; asking on the way whether something is there is none', () => {
  assert.equal(request(200), null);
  assert.equal(request(null), null);
  for (const status of [401, 404, 412]) assert.equal(request(status), null);
  assert.equal(request(507), 'PUT, HTTP 507');
  assert.equal(request(403, { refused: 'blocked' }), 'PUT, HTTP 403: blocked');
  assert.equal(
    request(200, { command: 'Sync', commonStatus: 143, refused: 'out of date' }),
    'Sync, status 143: out of date',
  );
  assert.equal(request(200, { command: 'Sync', statuses: [3, 8] }), 'Sync, status 3, 8');
});

test('of a reason, what it quotes of the request is left out: it may be of a message or a password', () => {
  const told = (refused: string) => request(400, { refused });
  assert.equal(
    told('Sync:WindowSize: "hunter2" is not a whole number'),
    'PUT, HTTP 400: Sync:WindowSize: "…" is not a whole number',
  );
  assert.equal(told('"a \\" secret" and "b", c'), 'PUT, HTTP 400: "…" and "…", c');
  assert.equal(told('cut off: "a long secret\nthat goes on…'), 'PUT, HTTP 400: cut off: "…"');
});

test('a request went well that was answered as it was asked: not one without an answer, or whose answer says no', () => {
  const isGood = (status: number | null, fields = {}) => wentWell({ method: 'POST', status, fields });
  assert.deepEqual([isGood(200), isGood(304)], [true, true]);
  for (const status of [null, 401, 404, 507]) assert.equal(isGood(status), false, String(status));
  assert.equal(isGood(200, { refused: 'blocked' }), false);
});
