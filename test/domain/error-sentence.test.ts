import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../src/domain/errors.ts';

test('a refusal of which nothing is said by who refuses is told in a sentence made of its facts', () => {
  const message = (error: GatewayError) => error.message;
  assert.equal(
    message(new GatewayError('object-invalid', { reason: 'the card has no UID', line: 1 })),
    'It is not taken: the card has no UID (line 1).',
  );
  assert.equal(
    message(new GatewayError('component-unsupported', { component: 'VEVENT', allowed: ['VTODO'] })),
    'This folder takes no VEVENT, only VTODO; choose another folder.',
  );
  assert.equal(
    message(new GatewayError('quota-exceeded', { limit: 1024, unit: 'bytes' })),
    'The mailbox is full: it may hold 1024 bytes. Delete something, or ask the administrator for more.',
  );
  assert.equal(
    message(new GatewayError('revision-mismatch', { expected: '"1-a"', actual: null })),
    '"1-a" was expected, but there is nothing any more; read it again.',
  );
});

test('what is said by who refuses goes before the sentence made of the facts', () => {
  assert.equal(new GatewayError('folder-not-found', { folder: '7' }, 'Gone.').message, 'Gone.');
});
