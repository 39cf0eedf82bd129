/** `end` is exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The one byte range asked for (RFC 9110 §14.2). Null: send everything, which is what several ranges, other units,
 * unreadable ranges and an If-Range of another revision get.
 */
export function rangeFor(
  range: string,
  ifRange: string,
  etag: string,
  size: number,
): ByteRange | 'unsatisfiable' | null {
  const match = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(range);
  if (match === null || (ifRange !== '' && ifRange.trim() !== etag)) return null;
  const [, first = '', last = ''] = match;
  if (first === '') {
    const length = Number(last);
    if (last === '') return null;
    return length === 0 || size === 0 ? 'unsatisfiable' : { start: Math.max(0, size - length), end: size };
  }
  const start = Number(first);
  const end = last === '' ? size : Math.min(size, Number(last) + 1);
  if (last !== '' && Number(last) < start) return null;
  return start >= size ? 'unsatisfiable' : { start, end };
}
