/** Contents for the ActiveSync bench: cards and messages of a usual shape, written as other programs write them. */

/** `size` vCards with the fields of a business card. */
export function cardFile(size: number): string {
  return Array.from({ length: size }, (_, n) =>
    [
      'BEGIN:VCARD',
      'VERSION:3.0',
      `UID:bench-card-${n}`,
      `N:Person${n};Given;;;`,
      `FN:Given Person${n}`,
      'ORG:Example & Sons;Research',
      'TITLE:Engineer',
      `EMAIL;TYPE=WORK:person${n}@example.com`,
      `TEL;TYPE=CELL:+49 170 ${String(n).padStart(7, '0')}`,
      'TEL;TYPE=WORK:+49 30 1234567',
      'ADR;TYPE=WORK:;;Long Street 12;Berlin;;10115;Germany',
      'NOTE:Met at the conference\\, asked for the report.',
      'END:VCARD',
      '',
    ].join('\r\n'),
  ).join('');
}

const LINE = 'The figures of the last month are below; please look at them before we meet again on Thursday.\r\n';

/** The messages of an mbox: `size` of them with `bytes` bytes of text, a minute apart, the last one from `until`. */
export function* mailFile(size: number, bytes: number, until: Date): Generator<string, void, void> {
  const body = LINE.repeat(Math.ceil(bytes / LINE.length)).slice(0, bytes);
  for (let n = 0; n < size; n++) {
    const date = new Date(until.getTime() - (size - n) * 60_000).toUTCString().replace('GMT', '+0000');
    yield `From person${n}@example.com Thu Jan  1 00:00:00 1970\r\n` +
      `From: Person ${n} <person${n}@example.com>\r\nTo: bench@example.com\r\nSubject: Report number ${n}\r\n` +
      `Date: ${date}\r\nMessage-ID: <bench-${n}@example.com>\r\nMIME-Version: 1.0\r\n` +
      `Content-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n\r\n`;
  }
}

/** A message with one attachment of random bytes. */
export function messageWithAttachment(bytes: Uint8Array): Buffer {
  const encoded = Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\r\n');
  return Buffer.from(
    'From: Bench <bench@example.com>\r\nTo: guest@example.com\r\nSubject: Large\r\nMIME-Version: 1.0\r\n' +
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee attachment.\r\n' +
      '--b\r\nContent-Type: application/octet-stream; name=data.bin\r\nContent-Transfer-Encoding: base64\r\n' +
      `Content-Disposition: attachment; filename=data.bin\r\n\r\n${encoded}\r\n--b--\r\n`,
  );
}
