import { isAscii } from 'node:buffer';
import type { Component, ContentLine } from './content-line.ts';
import { bytesToLatin1, decodeLatin1 } from './decode.ts';
import { LineReader } from './line-reader.ts';
import { parseLine } from './parse-line.ts';
import { ContentSyntaxError } from './syntax-error.ts';

export interface ParseOptions {
  /** Physical lines; default 2,000,000. */
  readonly maxLines?: number;
  /** Parameter values of all lines together; default 2,000,000. Each costs more than its bytes. */
  readonly maxValues?: number;
  /** Components inside each other; default `MAX_DEPTH`. */
  readonly maxDepth?: number;
  /** Bytes of one unfolded line; default 32 MiB. */
  readonly maxLineBytes?: number;
  /**
   * For import: what cannot be read is left out and told to `onProblem` instead of thrown. Limits throw all the same.
   * What was left out is not written again, so bytes are kept only by the strict reading.
   */
  readonly lenient?: boolean;
  readonly onProblem?: (problem: ContentSyntaxError) => void;
}

/** Components inside each other that are taken when nothing else is said. */
export const MAX_DEPTH = 32;

/** Longest input that can be held as one string. */
const MAX_BYTES = 0x1fffff00;

interface OpenComponent {
  readonly name: string;
  readonly begin: ContentLine;
  readonly children: (ContentLine | Component)[];
}

/**
 * Reads all components of `bytes` in the order written. Time and memory are linear in the input. Blank lines and a byte
 * order mark are kept in the `raw` of the line beside them, so that `serializeComponents` gives the same bytes again;
 * input that holds no component at all gives an empty list.
 * @throws ContentSyntaxError and nothing else.
 */
export function parseComponents(bytes: Uint8Array, options: ParseOptions = {}): Component[] {
  if (bytes.length > MAX_BYTES) throw new ContentSyntaxError(`more than ${MAX_BYTES} bytes`, 0);
  const { maxLines = 2_000_000, maxValues = 2_000_000, maxLineBytes = 32 * 1024 * 1024 } = options;
  const reader = new LineReader(bytesToLatin1(bytes), { maxLines, maxLineBytes });
  const ascii = isAscii(bytes);
  const tree = new TreeBuilder(options);
  let values = 0;
  while (reader.next()) {
    const content = ascii ? reader.content : decodeLatin1(reader.content);
    try {
      const line = parseLine(content, reader.line, reader.raw);
      for (const parameter of line.parameters) values += parameter.values.length;
      tree.add(line);
    } catch (error) {
      tree.refuse(error);
    }
    if (values > maxValues) throw new ContentSyntaxError(`more than ${maxValues} parameter values`, reader.line);
  }
  return tree.finish();
}

class TreeBuilder {
  readonly #roots: Component[] = [];
  readonly #open: OpenComponent[] = [];
  readonly #options: ParseOptions;
  readonly #maxDepth: number;

  constructor(options: ParseOptions) {
    this.#options = options;
    this.#maxDepth = options.maxDepth ?? MAX_DEPTH;
  }

  add(line: ContentLine): void {
    if (line.group === null && line.name === 'BEGIN') this.#begin(line);
    else if (line.group === null && line.name === 'END') this.#end(line);
    else this.#property(line);
  }

  /** Throws in strict reading, else reports and goes on. Exceeded limits always throw. */
  refuse(error: unknown): void {
    if (!(error instanceof ContentSyntaxError) || !this.#options.lenient || error instanceof DepthError) throw error;
    this.#options.onProblem?.(error);
  }

  finish(): Component[] {
    for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) {
      this.refuse(new ContentSyntaxError(`BEGIN:${top.name} without its END`, top.begin.line));
      this.#close(null);
    }
    return this.#roots;
  }

  #property(line: ContentLine): void {
    const top = this.#open.at(-1);
    if (top === undefined) throw new ContentSyntaxError(`${line.name} outside of any component`, line.line);
    top.children.push(line);
  }

  #begin(line: ContentLine): void {
    const name = componentName(line);
    if (this.#open.length >= this.#maxDepth) {
      throw new DepthError(`components more than ${this.#maxDepth} deep`, line.line);
    }
    this.#open.push({ name, begin: line, children: [] });
  }

  #end(line: ContentLine): void {
    const name = componentName(line);
    const top = this.#open.at(-1);
    if (top?.name !== name) {
      const expected = top === undefined ? 'outside of any component' : `where END:${top.name} belongs`;
      this.refuse(new ContentSyntaxError(`END:${name} ${expected}`, line.line));
      if (!this.#open.some((open) => open.name === name)) return;
      while (this.#open.at(-1)!.name !== name) this.#close(null);
    }
    this.#close(line);
  }

  #close(end: ContentLine | null): void {
    const { name, begin, children } = this.#open.pop()!;
    const component: Component = { name, begin, end, children };
    (this.#open.at(-1)?.children ?? this.#roots).push(component);
  }
}

class DepthError extends ContentSyntaxError {}

function componentName(line: ContentLine): string {
  const name = line.value.trim().toUpperCase();
  if (!/^[A-Z0-9_.-]+$/.test(name)) throw new ContentSyntaxError(`${line.name} without a component name`, line.line);
  return name;
}
