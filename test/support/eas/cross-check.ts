import assert from 'node:assert/strict';
import { wbxmlToXml } from '../../../protocols/activesync/wbxml/to-xml.ts';
import { libwbxmlRead, libwbxmlWrite, needsLibwbxml } from '../../protocols/activesync/wbxml/libwbxml.ts';
import type { Phone, PhoneAnswer, PhoneRequest } from './phone.ts';

/** Options of a test that calls `crossCheck`: skipped by name where libwbxml2-utils is not installed. */
export const needsCrossCheck = needsLibwbxml;

/** What stood where the expected XML has `{name}`. */
export type Captured = Readonly<Record<string, string>>;

/** What libwbxml wants before a document. */
export const PROLOGUE =
  '<?xml version="1.0"?><!DOCTYPE ActiveSync PUBLIC "-//MICROSOFT//DTD ActiveSync//EN" "http://www.microsoft.com/">';

/**
 * Sends a request that libwbxml builds from XML written by hand, and compares what libwbxml reads in the answer with the
 * XML expected, and with what we read ourselves. None of our own encoder or decoder stands between test and server.
 *
 * The dialect is that of `xml2wbxml` (namespaces `AirSync:`, `FolderHierarchy:`, …; opaque values are base64); the prologue is
 * added, white space between elements dropped. In the expected XML `{name}` stands for any value, which is returned;
 * the same name twice stands for the same value.
 */
export async function crossCheck(
  phone: Phone,
  command: string,
  xml: string,
  expected: string,
  request: PhoneRequest = {},
): Promise<Captured> {
  const answer = await phone.post(command, libwbxmlWrite(PROLOGUE + compact(xml)), request);
  assert.equal(answer.status, 200, `HTTP status of ${command}`);
  assert.ok(answer.body.length > 0, `${command} has no body`);
  const read = libwbxmlRead(answer.body);
  assert.equal(read.replaceAll('\r', '&#13;'), answer.root === null ? '' : wbxmlToXml(answer.root));
  return matchXml(read, expected);
}

/** Compares the document of an answer, as we read it, with XML as `crossCheck` takes it. */
export function expectXml(answer: Pick<PhoneAnswer, 'status' | 'xml'>, expected: string): Captured {
  assert.equal(answer.status, 200, 'HTTP status');
  return matchXml(answer.xml, expected);
}

/** Compares two documents in XML; the expected one may have `{name}` for values. */
export function matchXml(actual: string, expected: string): Captured {
  const [got, wanted] = [withoutPrologue(actual), compact(expected)];
  const names: string[] = [];
  const pattern = wanted
    .split(/(\{[a-z]\w*\})/i)
    .map((piece, index) => {
      if (index % 2 === 0) return piece.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
      const name = piece.slice(1, -1);
      if (names.includes(name)) return `\\k<${name}>`;
      names.push(name);
      return `(?<${name}>[^<]+)`;
    })
    .join('');
  const found = new RegExp(`^${pattern}$`, 'u').exec(got);
  // Shown as two documents, one element a line, so that the difference is found at a glance.
  if (found === null) assert.equal(lines(got), lines(wanted));
  return { ...found?.groups };
}

function withoutPrologue(xml: string): string {
  return xml.replace(/^(?:<[?!][^>]*>\s*)+/, '').trim();
}

function compact(xml: string): string {
  return withoutPrologue(xml.trim()).replaceAll(/>\s+</g, '><');
}

function lines(xml: string): string {
  return xml.replaceAll('><', '>\n<');
}
