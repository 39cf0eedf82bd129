import type { EasContext } from '../../command.ts';
import { findAttachment } from '../../translate/find-attachment.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import { childText } from '../../wbxml/read-element.ts';
import { base64Bytes, countBytes, isEmptyStream, type OpenBytes, sliceBytes } from './byte-stream.ts';
import { OPERATION_STATUS, type OperationStatus } from './operation-status.ts';
import type { Parts } from './parts.ts';

/** MS-ASAIRS §2.2.2.24.2 sets no limit; ours are much shorter. */
const LONGEST_REFERENCE = 512;

/** Properties of an attachment, its bytes streamed when the answer is sent; or why there are none. */
export async function fetchAttachment(
  context: EasContext,
  fileReference: string,
  options: WbxElement | null,
  parts: Parts | null,
): Promise<WbxElement | OperationStatus> {
  const isTooLong = fileReference.length > LONGEST_REFERENCE;
  const found = isTooLong ? null : await findAttachment(context, fileReference);
  if (found === null) return OPERATION_STATUS.badReference;
  const open: OpenBytes = () => found.open();
  const contentType = el('AirSyncBase:ContentType', found.contentType);
  const range = options === null ? null : childText(options, 'ItemOperations:Range');
  if (range === null) {
    if (await isEmptyStream(open)) return OPERATION_STATUS.emptyFile;
    // Clients of iOS 10 and later stop at a Range and a Total that they did not ask for.
    return el('ItemOperations:Properties', contentType, await dataOf(open, parts));
  }
  const total = await countBytes(open);
  if (total === 0) return OPERATION_STATUS.emptyFile;
  const bounds = readRange(range, total);
  if (bounds === null) return OPERATION_STATUS.badRange;
  const { first, last } = bounds;
  const data = await dataOf(() => sliceBytes(open, first, last + 1), parts, last + 1 - first);
  return el(
    'ItemOperations:Properties',
    el('ItemOperations:Range', `${first}-${last}`),
    el('ItemOperations:Total', total),
    contentType,
    data,
  );
}

/** Bytes from 0, both ends included (MS-ASCMD §2.2.3.143.1), cut to what there is; null where there is none of it. */
function readRange(text: string, total: number): { readonly first: number; readonly last: number } | null {
  const found = /^\s*(\d{1,15})\s*-\s*(\d{1,15})\s*$/.exec(text);
  if (found === null) return null;
  const first = Number(found[1]);
  const last = Math.min(Number(found[2]), total - 1);
  return first > last ? null : { first, last };
}

/** As base64 in the document, or as a part, whose length has to be known before the first byte of the answer. */
async function dataOf(open: OpenBytes, parts: Parts | null, byteLength?: number): Promise<WbxElement> {
  if (parts === null) {
    // A string ends by its NUL: nothing depends on the length, which nobody counted.
    return el('ItemOperations:Data', { form: 'string', byteLength: 0, chunks: base64Bytes(open()) });
  }
  const part = { byteLength: byteLength ?? (await countBytes(open)), open };
  return el('ItemOperations:Part', parts.add(part));
}
