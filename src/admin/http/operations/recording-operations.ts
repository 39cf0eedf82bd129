import { GatewayError } from '../../../domain/errors.ts';
import type { Administration } from '../../administration.ts';
import type { InputOf } from '../../authority/call-rule.ts';
import { DONE, ok, operation } from '../operation.ts';
import { type PageQuery, pageOf, sortable } from '../page-of.ts';

interface OfRecording {
  readonly recording: string;
}

/** Bytes that are read at once: below what a call gives. */
const CHUNK_BYTES = 1024 * 1024;

/** Exchanges kept for a while. */
export const RECORDING_OPERATIONS = {
  recordList: operation<unknown, PageQuery>(async ({ calls, query }) => {
    const keyOf = ({ startedAt, id }: { readonly startedAt: number; readonly id: string }) =>
      `${sortable(startedAt)}\n${id}`;
    const { entries, next } = pageOf(await calls.recordList(), keyOf, query, 'falling');
    return ok({ recordings: entries, next });
  }),

  recordStart: operation<unknown, unknown, InputOf<'recordStart'>>(async ({ calls, body }) => {
    const recording = await calls.recordStart(body);
    return { status: 201, body: recording, location: `/recordings/${recording.id}` };
  }),

  recordStop: operation<OfRecording>(async ({ calls, path }) => ok(await calls.recordStop({ id: path.recording }))),

  recordRemove: operation<OfRecording>(async ({ calls, path }) => {
    await calls.recordRemove({ id: path.recording });
    return DONE;
  }),

  recordFiles: operation<OfRecording>(async ({ calls, path }) => {
    return ok({ files: await calls.recordFiles({ id: path.recording }) });
  }),

  recordRead: operation<OfRecording & { readonly file: string }>(async ({ calls, path }) => {
    const { recording: id, file: name } = path;
    const file = (await calls.recordFiles({ id })).find((one) => one.name === name);
    if (file === undefined) {
      throw new GatewayError('item-not-found', { item: name }, `The recording ${id} has no file ${name}.`);
    }
    return { status: 200, bytes: chunksOf(calls, { id, name, size: file.size }), fileName: `${id}-${name}` };
  }),
} as const;

async function* chunksOf(
  calls: Administration,
  { id, name, size }: { readonly id: string; readonly name: string; readonly size: number },
): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < size; start += CHUNK_BYTES) {
    yield await calls.recordRead({ id, name, start, end: Math.min(size, start + CHUNK_BYTES) });
  }
}
