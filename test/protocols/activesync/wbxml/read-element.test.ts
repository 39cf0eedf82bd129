import assert from 'node:assert/strict';
import { test } from 'node:test';
import { el } from '../../../../protocols/activesync/wbxml/element.ts';
import type { WbxValueErrorReason } from '../../../../protocols/activesync/wbxml/errors.ts';
import {
  boolOf,
  bytesOf,
  child,
  childBool,
  childElements,
  childNumber,
  childText,
  numberOf,
  requiredChild,
  textOf,
} from '../../../../protocols/activesync/wbxml/read-element.ts';
import { wbxmlToXml } from '../../../../protocols/activesync/wbxml/to-xml.ts';

const refuses = (read: () => unknown, reason: WbxValueErrorReason, message: RegExp): void =>
  assert.throws(read, { name: 'WbxValueError', reason, message });

const collection = el(
  'AirSync:Collection',
  el('AirSync:SyncKey', '7'),
  el('AirSync:SyncKey', '8'),
  el('AirSync:GetChanges'),
  el('AirSync:WindowSize', ' 25 '),
);

test('children are found by their name, the first of several', () => {
  assert.equal(childText(collection, 'AirSync:SyncKey'), '7');
  assert.equal(child(collection, 'AirSync:Class'), null);
  assert.equal(childElements(collection, 'AirSync:SyncKey').length, 2);
  assert.equal(childElements(collection).length, 4);
  assert.equal(childText(collection, 'AirSync:Class'), null);
  refuses(() => requiredChild(collection, 'AirSync:Class'), 'missing', /^AirSync:Collection: has no AirSync:Class$/);
});

test('whole numbers within their bounds', () => {
  assert.equal(childNumber(collection, 'AirSync:WindowSize'), 25);
  assert.equal(childNumber(collection, 'AirSync:FilterType'), null);
  assert.equal(numberOf(el('AirSync:Limit', '-3')), -3);
  assert.equal(Object.is(numberOf(el('AirSync:Limit', '-0')), 0), true);
  for (const text of ['', 'x', '1.5', '1e3', '0x10', '12345678901234567890']) {
    refuses(() => numberOf(el('AirSync:Limit', text)), 'number', /is not a whole number/);
  }
  refuses(() => numberOf(el('AirSync:Wait', 60), { min: 1, max: 59 }), 'range', /60 is not between 1 and 59/);
});

test('booleans are 0 and 1 or words; an empty element is true', () => {
  assert.equal(childBool(collection, 'AirSync:GetChanges'), true);
  assert.equal(childBool(collection, 'AirSync:Partial'), null);
  assert.equal(boolOf(el('AirSync:GetChanges', '0')), false);
  assert.equal(boolOf(el('AirSync:GetChanges', 'False')), false);
  assert.equal(boolOf(el('AirSync:GetChanges', '1')), true);
  refuses(() => boolOf(el('AirSync:GetChanges', '2')), 'boolean', /neither/);
});

test('a string element given as OPAQUE is text, in several pieces too', () => {
  const cake = Buffer.from('🎂');
  const run = { form: 'opaque', byteLength: 4, chunks: [cake.subarray(0, 2), cake.subarray(2)] } as const;
  assert.equal(textOf(el('Email:Subject', Buffer.from('a'), run, 'b')), 'a🎂b');
  refuses(() => textOf(collection), 'structure', /holds AirSync:SyncKey, not text/);
});

test('an opaque element given as text is base64, or the text itself', () => {
  assert.deepEqual([...bytesOf(el('Email2:ConversationId', 'AAEC'))], [0, 1, 2]);
  assert.deepEqual([...bytesOf(el('Email2:ConversationId', 'AAE\r\nC/w=='))], [0, 1, 2, 255]);
  assert.equal(Buffer.from(bytesOf(el('ComposeMail:Mime', 'From: a\r\n'))).toString(), 'From: a\r\n');
  assert.equal(bytesOf(el('ComposeMail:Mime')).length, 0);
  refuses(() => bytesOf(collection), 'structure', /not bytes/);
});

test('a value that is to be sent cannot be read', () => {
  const run = { form: 'opaque', byteLength: 1, chunks: (async function* () {})() } as const;
  assert.throws(() => bytesOf(el('ComposeMail:Mime', run)), TypeError);
});

test('XML for logs: own spelling of the dialect, unknown elements, controls', () => {
  const xml = wbxmlToXml(
    el('AirSync:Sync', el('Email:Status', 'a\x01\0\r<'), {
      page: 30,
      name: 'unknown:30:5',
      children: [el('AirSync:Sync')],
    }),
  );
  assert.ok(
    xml.endsWith(
      '<Sync xmlns="AirSync:"><FlagStatus xmlns="Email:">a\ufffd\ufffd&#13;&lt;</FlagStatus><unknown page="30" token="5"><Sync/></unknown></Sync>',
    ),
    xml,
  );
});
