import assert from 'node:assert/strict';
import type { Phone, PhoneAnswer, PhoneRequest } from '../../../support/eas/phone.ts';
import { libwbxmlRead, libwbxmlWrite, needsLibwbxml } from '../wbxml/libwbxml.ts';

const PROLOGUE =
  '<?xml version="1.0"?><!DOCTYPE ActiveSync PUBLIC "-//MICROSOFT//DTD ActiveSync//EN" "http://www.microsoft.com/">';

/** XML written by hand, in lines, as one line with its prologue. */
export function document(xml: string): string {
  return PROLOGUE + xml.replaceAll(/>\s+</g, '><').trim();
}

/**
 * Sends a request written by hand and compares the whole answer with one written by hand. Where libwbxml is installed it
 * makes the bytes of the request and reads those of the answer, so that nothing of our codec stands between.
 */
export async function exchange(
  phone: Phone,
  command: string,
  request: string,
  expected: string,
  options: PhoneRequest = {},
): Promise<PhoneAnswer> {
  const isChecked = !('skip' in needsLibwbxml);
  const body = isChecked ? libwbxmlWrite(document(request)) : document(request);
  const answer = await phone.post(command, body, options);
  assert.equal(answer.status, 200);
  assert.equal(answer.xml, document(expected));
  if (isChecked) assert.equal(libwbxmlRead(answer.body), document(expected));
  return answer;
}
