import { latin1 } from './charset.ts';
import { BASE64_LINE_BYTES, type TextPlan, type TextStep } from './text-plan.ts';

const NOTHING = new Uint8Array(0);

/** The message as its plan says; `source` gives the bytes that the plan was made from, cut anywhere. */
export async function* textMessage(source: AsyncIterable<Uint8Array>, plan: TextPlan): AsyncGenerator<Uint8Array> {
  const writer = new TextWriter(plan);
  for await (const chunk of source) yield* writer.write(chunk);
  yield* writer.end();
}

/** `textMessage` for chunks that are at hand. */
export class TextWriter {
  readonly #steps: readonly TextStep[];
  #at = 0;
  #position = 0;
  #writer: StepWriter | null;

  constructor({ steps }: TextPlan) {
    this.#steps = steps;
    this.#writer = this.#writerAt(0);
  }

  write(chunk: Uint8Array): Uint8Array[] {
    const written: Uint8Array[] = [];
    for (let from = 0; from < chunk.length && this.#writer !== null; ) {
      const end = this.#steps[this.#at]!.end - this.#position;
      const to = Math.min(chunk.length, Math.max(from, end));
      if (to > from) written.push(this.#writer.write(chunk.subarray(from, to)));
      from = to;
      if (from >= end) written.push(this.#endStep());
    }
    this.#position += chunk.length;
    return written.filter((piece) => piece.length > 0);
  }

  end(): Uint8Array[] {
    const written: Uint8Array[] = [];
    while (this.#writer !== null) written.push(this.#endStep());
    return written.filter((piece) => piece.length > 0);
  }

  #endStep(): Uint8Array {
    const rest = this.#writer!.end();
    this.#at += 1;
    this.#writer = this.#writerAt(this.#at);
    return rest;
  }

  #writerAt(at: number): StepWriter | null {
    const step = this.#steps[at];
    return step === undefined ? null : writerOf(step);
  }
}

interface StepWriter {
  write(bytes: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

function writerOf({ form }: TextStep): StepWriter {
  if (form instanceof Uint8Array) return { write: () => NOTHING, end: () => form };
  if (form === 'base64') return new Base64Lines();
  const write = form === 'keep' ? (bytes: Uint8Array) => bytes : form === 'mask' ? masked : escaped;
  return { write, end: () => NOTHING };
}

function masked(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (isOdd(byte) ? 63 : byte));
}

/** RFC 2045 §6.7 rule 1, for what should have been written so. */
function escaped(bytes: Uint8Array): Uint8Array {
  const text = latin1(bytes).replace(/[\0\x80-\xff]/g, (character) => {
    return `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return Buffer.from(text, 'latin1');
}

function isOdd(byte: number): boolean {
  return byte === 0 || byte > 127;
}

class Base64Lines implements StepWriter {
  #carry: Uint8Array = NOTHING;
  #isFirst = true;

  write(bytes: Uint8Array): Uint8Array {
    const all = Buffer.concat([this.#carry, bytes]);
    const whole = all.length - (all.length % BASE64_LINE_BYTES);
    this.#carry = all.subarray(whole);
    return this.#lines(all.subarray(0, whole));
  }

  end(): Uint8Array {
    return this.#lines(this.#carry);
  }

  #lines(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0) return NOTHING;
    const lines = Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,76}/g)!;
    const before = this.#isFirst ? '' : '\r\n';
    this.#isFirst = false;
    return Buffer.from(before + lines.join('\r\n'), 'latin1');
  }
}
