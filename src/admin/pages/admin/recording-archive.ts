import type { RecordingFile } from '../../../recorder/recorder.ts';
import { writeTar } from '../../../recorder/tar.ts';
import type { Administration } from '../../administration.ts';

type Calls = Pick<Administration, 'recordRead'>;

/** The one file that is written anew while a recording goes on. */
const ABOUT = 'about.yaml';
const MOST_ABOUT = 1024 * 1024;

/** A recording as one archive, in the format of captures/; made as it is sent. */
export function recordingArchive(
  calls: Calls,
  id: string,
  files: readonly RecordingFile[],
  now: number,
): AsyncIterable<Uint8Array> {
  return writeTar(archived(calls, id, files), now);
}

async function* archived(calls: Calls, id: string, files: readonly RecordingFile[]) {
  for (const { name, size } of files) {
    if (name !== ABOUT) {
      yield { name, size, read: (start: number, end: number) => calls.recordRead({ id, name, start, end }) };
      continue;
    }
    const about = await calls.recordRead({ id, name, start: 0, end: MOST_ABOUT });
    yield { name, size: about.length, read: async (start: number, end: number) => about.subarray(start, end) };
  }
}
