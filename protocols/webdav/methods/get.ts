import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DavContext } from '../context.ts';
import { DavError, nothingThere } from '../dav-error.ts';
import { isNotModified, readConditions, type Validators, validatorsOf } from '../preconditions.ts';
import { contentTypeOf } from '../properties/resource-properties.ts';
import { type ByteRange, rangeFor } from '../range.ts';
import type { CollectionBody } from '../registry.ts';
import { type CollectionResource, collectionEtag, etagOf, type ItemResource, type Target } from '../resource.ts';
import { ClientGone } from '../xml/multistatus.ts';

/** GET and HEAD of an item, or of a collection for which a plugin gives one body (RFC 9110 §9.3.1). */
export async function get(context: DavContext, target: Target): Promise<void> {
  if (target.kind === 'item') return getItem(context, target);
  if (target.kind === 'collection') return getCollection(context, target);
  throw nothingThere();
}

async function getItem(context: DavContext, target: ItemResource): Promise<void> {
  const { koa } = context;
  // Item and bytes in one read, so that the ETag is of these very bytes.
  const [found] = await context.reader.itemsByNames(target.folder.id, [target.item.name], koa.method === 'GET');
  if (found === undefined) throw nothingThere();
  const { item, content } = found;
  const validators = validatorsOf(item);
  koa.set('ETag', etagOf(item));
  koa.set('Last-Modified', new Date(item.modifiedAt).toUTCString());
  koa.set('Cache-Control', 'private, no-cache');
  koa.set('Accept-Ranges', 'bytes');
  if (await isAnsweredByConditions(context, target, validators)) return;
  koa.set('Content-Type', contentTypeOf(item));
  if (content === undefined) {
    koa.status = 200;
    koa.length = item.size;
    return;
  }
  sendBytes(context, content, rangeFor(koa.get('Range'), koa.get('If-Range'), etagOf(item), content.length));
}

function sendBytes({ koa }: DavContext, content: Uint8Array, range: ByteRange | 'unsatisfiable' | null): void {
  if (range === 'unsatisfiable') {
    throw new DavError(416, 'The range lies outside of the item.', {
      headers: { 'Content-Range': `bytes */${content.length}` },
    });
  }
  koa.status = range === null ? 200 : 206;
  if (range !== null) {
    koa.set('Content-Range', `bytes ${range.start}-${range.end - 1}/${content.length}`);
  }
  koa.body = Buffer.from(range === null ? content : content.subarray(range.start, range.end));
}

async function getCollection(context: DavContext, target: CollectionResource): Promise<void> {
  const { koa } = context;
  const getter = context.registry.collectionGetter(target);
  if (getter === null) throw new DavError(405, 'This collection has no body of its own.');
  const validators: Validators = { etag: collectionEtag(target.folder), modifiedAt: null };
  koa.set('ETag', collectionEtag(target.folder));
  koa.set('Cache-Control', 'private, no-cache');
  if (await isAnsweredByConditions(context, target, validators)) return;
  const body = await getter.open(context, target);
  koa.set(body.headers ?? {});
  koa.set('Content-Type', body.contentType);
  koa.status = 200;
  if (koa.method === 'GET') {
    await streamBody(context, body);
  }
}

/** Not given to Koa, which would leave the connection hanging when the source fails in the middle. */
async function streamBody({ koa }: DavContext, body: CollectionBody): Promise<void> {
  koa.respond = false;
  try {
    await pipeline(Readable.from(body.content(), { objectMode: false }), koa.res);
  } catch (error) {
    const isGone = (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
    throw isGone ? new ClientGone() : error;
  }
}

/** 412 by exception, 304 by answering here. */
async function isAnsweredByConditions(context: DavContext, target: Target, validators: Validators): Promise<boolean> {
  (await readConditions(context, target)).check(validators);
  if (!isNotModified(context, validators)) return false;
  context.koa.status = 304;
  return true;
}
