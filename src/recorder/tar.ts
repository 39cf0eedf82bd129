const BLOCK = 512;
/** Reading of a large file goes on in steps of so many bytes. */
const STEP = 1024 * 1024;

/** A file for an archive; `read` gives the bytes from `start` up to `end`, fewer only at the file's end. */
export interface TarFile {
  /** At most 100 bytes. */
  readonly name: string;
  readonly size: number;
  read(start: number, end: number): Promise<Uint8Array>;
}

/**
 * An archive of files as every `tar` reads it (POSIX ustar interchange format), made as it is read: of no file more than a
 * step is held.
 * @throws RangeError where a file gives other than the bytes it was said to have: an archive that is cut off is seen as broken
 */
export async function* writeTar(
  files: Iterable<TarFile> | AsyncIterable<TarFile>,
  modifiedAt: number,
): AsyncGenerator<Buffer> {
  for await (const file of files) {
    yield header(file, modifiedAt);
    for (let start = 0; start < file.size; start += STEP) {
      const end = Math.min(file.size, start + STEP);
      const bytes = await file.read(start, end);
      if (bytes.length !== end - start) {
        throw new RangeError(
          `${file.name} gave ${bytes.length} bytes from ${start} on, where ${end - start} were expected`,
        );
      }
      yield Buffer.from(bytes);
    }
    yield Buffer.alloc((BLOCK - (file.size % BLOCK)) % BLOCK);
  }
  yield Buffer.alloc(2 * BLOCK);
}

function header({ name, size }: TarFile, modifiedAt: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  if (Buffer.byteLength(name) > 100) throw new RangeError(`The name ${name} is too long for an archive`);
  block.write(name, 0);
  block.write('0000600\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(octal(size, 11), 124);
  block.write(octal(Math.floor(modifiedAt / 1000), 11), 136);
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  // The sum is made with spaces in its own place.
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)} `, 148);
  return block;
}

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, '0')}\0`;
}
