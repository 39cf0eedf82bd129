/** A file to put into a TNEF stream. */
export interface SampleFile {
  readonly title: string;
  readonly long?: string;
  readonly mediaType?: string;
  readonly data: Uint8Array;
}

/** A TNEF stream as Outlook writes it (MS-OXTNEF §2.1.3), made for tests. */
export function tnefOf(files: readonly SampleFile[]): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt32LE(0x223e9f78, 0);
  return Buffer.concat([
    head,
    attribute(1, 0x00089006, numbers(0x10000)),
    attribute(1, 0x00069007, numbers(1252, 0)),
    ...files.flatMap((file) => [
      attribute(2, 0x00069002, Buffer.alloc(14)),
      attribute(2, 0x00018010, Buffer.from(`${file.title}\0`, 'latin1')),
      attribute(2, 0x00069005, properties(file)),
      attribute(2, 0x0006800f, Buffer.from(file.data)),
    ]),
  ]);
}

function attribute(level: number, id: number, data: Buffer): Buffer {
  const sum = data.reduce((total, byte) => (total + byte) & 0xffff, 0);
  const tail = Buffer.alloc(2);
  tail.writeUInt16LE(sum, 0);
  return Buffer.concat([Buffer.from([level]), numbers(id, data.length), data, tail]);
}

function properties({ long, mediaType }: SampleFile): Buffer {
  const list = [
    // A number, a named property and a boolean before what is looked for.
    Buffer.concat([tag(0x0003, 0x3705), numbers(1)]),
    Buffer.concat([tag(0x000b, 0x8001), Buffer.alloc(16), numbers(1, 6), Buffer.from('a\0b\0c\0\0\0'), numbers(1)]),
    ...(long === undefined ? [] : [text(0x001f, 0x3707, Buffer.from(`${long}\0`, 'utf16le'))]),
    ...(mediaType === undefined ? [] : [text(0x001e, 0x370e, Buffer.from(`${mediaType}\0`, 'latin1'))]),
  ];
  return Buffer.concat([numbers(list.length), ...list]);
}

function text(type: number, id: number, bytes: Buffer): Buffer {
  return Buffer.concat([tag(type, id), numbers(1, bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function tag(type: number, id: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(type, 0);
  bytes.writeUInt16LE(id, 2);
  return bytes;
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, at * 4);
  return bytes;
}
