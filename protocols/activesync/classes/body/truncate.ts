/** Bytes of a text as UTF-8, as the protocol counts them. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** The longest beginning of the text that has at most `maxBytes` bytes and cuts no character (a surrogate pair included). */
export function truncateText(text: string, maxBytes: number): string {
  if (byteLength(text) <= maxBytes) return text;
  // No character needs less than a byte for each UTF-16 unit: what is beyond cannot fit.
  const bytes = Buffer.from(text.slice(0, maxBytes + 1), 'utf8');
  let end = Math.min(maxBytes, bytes.length);
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end -= 1;
  const kept = bytes.toString('utf8', 0, end);
  // The slice may have halved a pair, which was written as U+FFFD.
  return text.startsWith(kept) ? kept : kept.slice(0, -1);
}
