import { HEADER, STR_I } from './tokens.ts';

const PIECE_BYTES = 64 * 1024;
/** Pieces grow from here, so that a short answer does not cost 64 KiB. */
const FIRST_BYTES = 1024;

/** Gathers bytes into pieces of about 64 KiB; long values are pieces of their own and not copied. */
export class PieceWriter {
  #full: Uint8Array[] = [];
  #piece = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #used = 0;

  header(): void {
    for (const byte of HEADER) this.byte(byte);
  }

  byte(byte: number): void {
    this.#reserve(1);
    this.#piece[this.#used] = byte;
    this.#used += 1;
  }

  /** Seven bits a byte, the highest first (WAP-192 §5.1); zero is one byte. */
  integer(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) throw new TypeError(`${value} is no length.`);
    for (let power = 4; power > 0; power -= 1) {
      const high = Math.floor(value / 0x80 ** power);
      if (high > 0) this.byte((high & 0x7f) | 0x80);
    }
    this.byte(value & 0x7f);
  }

  /** An inline string. A NUL inside, and half a surrogate pair, become U+FFFD: they must not end or spoil the string. */
  text(text: string): void {
    this.byte(STR_I);
    const clean = text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
    if (clean.length * 3 > PIECE_BYTES) {
      this.value(Buffer.from(clean, 'utf8'));
    } else {
      this.#reserve(clean.length * 3);
      this.#used += this.#piece.write(clean, this.#used, 'utf8');
    }
    this.byte(0);
  }

  value(bytes: Uint8Array): void {
    if (bytes.length > PIECE_BYTES / 4) {
      this.#close();
      this.#full.push(bytes);
      return;
    }
    this.#reserve(bytes.length);
    this.#piece.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** The pieces that are complete. */
  takeFull(): Uint8Array[] {
    const full = this.#full;
    if (full.length > 0) this.#full = [];
    return full;
  }

  /** All that was written. */
  takeAll(): Uint8Array[] {
    this.#close();
    return this.takeFull();
  }

  #reserve(count: number): void {
    if (this.#used + count <= this.#piece.length) return;
    if (this.#used + count > PIECE_BYTES) this.#close();
    const grown = Math.min(PIECE_BYTES, this.#piece.length * 2);
    const piece = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, grown, this.#used + count));
    this.#piece.copy(piece, 0, 0, this.#used);
    this.#piece = piece;
  }

  #close(): void {
    if (this.#used === 0) return;
    this.#full.push(this.#piece.subarray(0, this.#used));
    this.#piece = this.#piece.subarray(this.#used);
    this.#used = 0;
  }
}
