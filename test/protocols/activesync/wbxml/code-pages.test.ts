import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { el } from '../../../../protocols/activesync/wbxml/element.ts';
import {
  ELEMENT_NAMES,
  factsOf,
  isElementName,
  isInVersion,
  nameOf,
  PROTOCOL_VERSIONS,
} from '../../../../protocols/activesync/wbxml/elements.ts';
import { encodeWbxml } from '../../../../protocols/activesync/wbxml/encode.ts';
import { wbxmlToXml } from '../../../../protocols/activesync/wbxml/to-xml.ts';
import { type CodePagesFile, codePagesModule, SOURCE, TARGET } from '../../../tools/generate-code-pages.ts';
import { wbxFromXml } from './from-xml.ts';
import { libwbxmlRead, libwbxmlWrite, needsLibwbxml } from './libwbxml.ts';

const json = readFileSync(SOURCE, 'utf8');
const { pages } = JSON.parse(json) as CodePagesFile;
const rows = pages.flatMap(({ page, name, tokens }) =>
  Object.entries(tokens).map(([token, facts]) => ({
    page,
    token: Number(token),
    name: `${name}:${facts.name}`,
    facts,
  })),
);

/** Tokens that libwbxml 0.11.8 does not have: 16.1 and what few tables list. */
const UNKNOWN_TO_LIBWBXML = /^(Find:|MeetingResponse:Proposed(Start|End)Time$|Provision:AccountOnlyRemoteWipe$)/;

test('the generated module is what the table gives', () => {
  assert.equal(readFileSync(TARGET, 'utf8'), codePagesModule(json));
});

test('the table has 26 pages, 586 current and 70 retired tokens, each once, all between 0x05 and 0x3F', () => {
  assert.deepEqual(
    pages.map(({ page }) => page),
    Array.from({ length: 26 }, (_, page) => page),
  );
  assert.equal(rows.filter(({ facts }) => !facts.retired).length, 586);
  assert.equal(rows.filter(({ facts }) => facts.retired).length, 70);
  assert.equal(ELEMENT_NAMES.length, rows.length);
  assert.equal(new Set(rows.map(({ page, token }) => page * 64 + token)).size, rows.length);
  assert.ok(rows.every(({ token }) => token >= 0x05 && token <= 0x3f));
});

test('versions of a token follow each other, so first and last tell all', () => {
  const order: readonly (string | null)[] = PROTOCOL_VERSIONS;
  for (const { name, facts } of rows) {
    const { since, until } = factsOf(name)!;
    const from = order.indexOf(since);
    const to = order.indexOf(until);
    assert.deepEqual(from < 0 ? [] : order.slice(from, to + 1), facts.versions, name);
  }
});

test('MS-ASWBXML §2.1.2.1: tokens that are easily mistaken', () => {
  const expected: readonly (readonly [page: number, token: number, name: string])[] = [
    [0, 0x05, 'AirSync:Sync'],
    [0, 0x29, 'AirSync:HeartbeatInterval'],
    [2, 0x3b, 'Email:Status'],
    [7, 0x16, 'FolderHierarchy:FolderSync'],
    [14, 0x0e, 'Provision:DevicePasswordEnabled'],
    [14, 0x3b, 'Provision:AccountOnlyRemoteWipe'],
    [17, 0x0b, 'AirSyncBase:Data'],
    [20, 0x18, 'ItemOperations:ConversationId'],
    [21, 0x10, 'ComposeMail:Mime'],
    [25, 0x20, 'Find:MaxPictures'],
  ];
  for (const [page, token, name] of expected) assert.equal(nameOf(page, token), name);
  assert.equal(nameOf(25, 0x1a), 'unknown:25:26');
  assert.equal(nameOf(26, 0x05), 'unknown:26:5');
});

test('only the eight byte array elements are opaque', () => {
  assert.deepEqual(
    ELEMENT_NAMES.filter((name) => factsOf(name)!.opaque),
    [
      'ResolveRecipients:Data',
      'Search:ConversationId',
      'GAL:Data',
      'AirSyncBase:Content',
      'ItemOperations:ConversationId',
      'ComposeMail:Mime',
      'Email2:ConversationId',
      'Email2:ConversationIndex',
    ],
  );
});

test('what a version has: new, old and retired elements', () => {
  const has = (name: string, version: '12.1' | '14.0' | '14.1'): boolean => isInVersion(factsOf(name)!, version);
  assert.ok(has('AirSync:Sync', '12.1') && has('AirSync:Sync', '14.1'));
  assert.ok(!has('Email2:ConversationId', '12.1') && has('Email2:ConversationId', '14.0'));
  assert.ok(!has('AirSyncBase:BodyPart', '14.0') && has('AirSyncBase:BodyPart', '14.1'));
  assert.ok(!has('Email:MIMEData', '12.1') && !has('Find:Find', '14.1'));
  assert.ok(!has('Calendar:AttName', '12.1'));
  assert.ok(!isElementName('AirSync:Snyc') && !isElementName('toString'));
});

test('a misspelt element does not compile', () => {
  // @ts-expect-error no such name in the table
  assert.throws(() => el('AirSync:Colection'), TypeError);
});

test('libwbxml reads every current token as the table says, and writes it as we do', needsLibwbxml, () => {
  const known = ELEMENT_NAMES.filter((name) => !factsOf(name)!.retired && !UNKNOWN_TO_LIBWBXML.test(name));
  assert.ok(known.length > 550);
  const document = el(
    'AirSync:Sync',
    known.map((name) => el(name)),
  );
  const ours = encodeWbxml(document, { version: 'any' });
  const xml = libwbxmlRead(ours);
  assert.equal(xml, wbxmlToXml(document));
  assert.deepEqual(wbxFromXml(xml), document);
  assert.equal(libwbxmlWrite(xml).toString('hex'), Buffer.from(ours).toString('hex'));
});
