import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeWbxml } from '../../../../protocols/activesync/wbxml/decode.ts';
import { encodeWbxml } from '../../../../protocols/activesync/wbxml/encode.ts';
import { bytesOf, requiredChild } from '../../../../protocols/activesync/wbxml/read-element.ts';
import { wbxmlToXml } from '../../../../protocols/activesync/wbxml/to-xml.ts';
import { wbxFromXml } from './from-xml.ts';
import { libwbxmlRead, needsLibwbxml } from './libwbxml.ts';

const FOLDER = new URL('../../../../../shared/captures/firefox-os-mail/', import.meta.url);
const isThere = existsSync(FOLDER);
const needsCaptures = isThere ? {} : { skip: '../shared/captures/firefox-os-mail is not there' };
const names = isThere
  ? readdirSync(FOLDER)
      .filter((name) => name.endsWith('.wbxml'))
      .sort()
  : [];
const read = (name: string): Buffer => readFileSync(new URL(name, FOLDER));

test('every request of a Firefox OS phone is read, and written again byte for byte', needsCaptures, () => {
  assert.ok(names.length >= 30, 'the captures are all there');
  for (const name of names) {
    const bytes = read(name);
    assert.equal(
      Buffer.from(encodeWbxml(decodeWbxml(bytes), { version: 'any' })).toString('hex'),
      bytes.toString('hex'),
      name,
    );
  }
});

test('every one fits protocol version 14.1', needsCaptures, () => {
  for (const name of names) {
    assert.doesNotThrow(() => encodeWbxml(decodeWbxml(read(name)), { version: '14.1' }), name);
  }
});

test('every one is read as libwbxml reads it, and its XML is read back', { ...needsCaptures, ...needsLibwbxml }, () => {
  for (const name of names) {
    const tree = decodeWbxml(read(name));
    const xml = wbxmlToXml(tree);
    assert.equal(xml, libwbxmlRead(read(name)).replaceAll('\r', '&#13;'), name);
    assert.deepEqual(Buffer.from(encodeWbxml(wbxFromXml(xml), { version: 'any' })), read(name), name);
  }
});

test('a message to send is the bytes that the phone wrote', needsCaptures, () => {
  const mail = bytesOf(requiredChild(decodeWbxml(read('004-SendMail.req.wbxml')), 'ComposeMail:Mime'));
  assert.match(Buffer.from(mail).toString(), /^From: <u1@example\.test>\r\n[\s\S]*First body gaiamwr00uf2\r\n$/);
});
