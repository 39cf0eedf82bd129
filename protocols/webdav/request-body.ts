import type Koa from 'koa';
import { GatewayError } from '../../src/domain/errors.ts';
import type { Limits } from '../../src/domain/limits.ts';
import { DavError } from './dav-error.ts';
import type { XmlElement } from './xml/element.ts';
import { XmlError } from './xml/error.ts';
import { readXml } from './xml/read.ts';

/** The request's XML document, null when there is no body. @throws DavError 400, 413, 415 */
export async function readXmlBody(koa: Koa.Context, limits: Limits): Promise<XmlElement | null> {
  refuseContentEncoding(koa);
  if (Number(koa.get('Content-Length')) > limits.maxXmlBytes) {
    throw new DavError(413, `The XML body is larger than ${limits.maxXmlBytes} bytes.`);
  }
  try {
    return await readXml(bodyOf(koa), limits);
  } catch (error) {
    if (error instanceof XmlError) {
      throw new DavError(statusFor(error, koa.get('Content-Type')), `The XML body cannot be read: ${error.message}.`);
    }
    throw error;
  }
}

/**
 * XML is read whatever it is called, since clients call it many things; a body that says itself that it is something
 * else is 415 (RFC 4918 §8.2, §9.3).
 */
function statusFor({ reason }: XmlError, contentType: string): number {
  if (reason === 'size') return 413;
  return contentType === '' || /[/+]xml\b/i.test(contentType) ? 400 : 415;
}

/** The whole body, refused as soon as it passes `limit`. @throws GatewayError 'item-too-large'; DavError 415 */
export async function readWholeBody(koa: Koa.Context, limit: number): Promise<Uint8Array> {
  refuseContentEncoding(koa);
  const declared = Number(koa.get('Content-Length'));
  if (declared > limit) throw tooLarge(declared, limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bodyOf(koa)) {
    size += chunk.length;
    if (size > limit) throw tooLarge(size, limit);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/** Leaving the loop early must not destroy the request: with it would go the connection, and the answer that says why. */
function bodyOf(koa: Koa.Context): AsyncIterable<Uint8Array> {
  return koa.req.iterator({ destroyOnReturn: false });
}

/** RFC 9110 §8.4: storing or reading an encoded body as if it were plain would damage it. */
function refuseContentEncoding(koa: Koa.Context): void {
  const encoding = koa.get('Content-Encoding').trim().toLowerCase();
  if (encoding !== '' && encoding !== 'identity') {
    throw new DavError(415, `Content-Encoding ${encoding} is not taken; send the body as it is.`, {
      headers: { 'Accept-Encoding': 'identity' },
    });
  }
}

function tooLarge(size: number, limit: number): GatewayError {
  return new GatewayError('item-too-large', { size, limit }, `At most ${limit} bytes are taken, ${size} were sent.`);
}
