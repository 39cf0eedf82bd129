/** A file as uuencode writes it. */
export function uuencoded(name: string, bytes: Buffer, lineEnd = '\r\n'): string {
  const lines = [`begin 644 ${name}`];
  for (let at = 0; at < bytes.length; at += 45) lines.push(uuLine(bytes.subarray(at, at + 45)));
  return [...lines, '`', 'end', ''].join(lineEnd);
}

function uuLine(bytes: Buffer): string {
  const digit = (value: number): string => String.fromCharCode(value === 0 ? 96 : value + 32);
  let line = digit(bytes.length);
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (const shift of [18, 12, 6, 0]) line += digit((group >> shift) & 63);
  }
  return line;
}
