import type { ByteRun, WbxContent, WbxElement } from './element.ts';
import { nameOf } from './elements.ts';
import { WbxmlError } from './errors.ts';
import type { WbxmlLimits } from './limits.ts';

interface OpenElement extends WbxElement {
  readonly children: WbxContent[];
}

/** Puts elements, text and bytes together and holds the limits on their number and depth. */
export class TreeBuilder {
  readonly #limits: WbxmlLimits;
  readonly #open: OpenElement[] = [];
  #root: WbxElement | null = null;
  #nodes = 0;
  /** Text pieces that follow each other are one string. */
  #text = '';
  #textBytes = 0;

  constructor(limits: WbxmlLimits) {
    this.#limits = limits;
  }

  /** The whole document, null until its END has been read. */
  get root(): WbxElement | null {
    return this.#open.length === 0 ? this.#root : null;
  }

  /** Starts an element; one without content is also ended. @throws WbxmlError 'depth', 'elements' */
  start(page: number, token: number, hasContent: boolean, offset: number): void {
    this.#flush();
    this.#count(offset);
    if (this.#open.length >= this.#limits.maxDepth) {
      throw new WbxmlError('depth', offset, `Elements are nested deeper than ${this.#limits.maxDepth}`);
    }
    const element: OpenElement = { page, name: nameOf(page, token), children: [] };
    if (this.#root === null) this.#root = element;
    else this.#open.at(-1)!.children.push(element);
    if (hasContent) this.#open.push(element);
  }

  /** @throws WbxmlError 'structure' */
  end(offset: number): void {
    this.#requireOpen(offset, 'END');
    this.#flush();
    this.#open.pop();
  }

  /** @param bytes Its length in UTF-8. @throws WbxmlError 'structure', 'elements', 'string-length' */
  text(text: string, bytes: number, offset: number): void {
    this.#requireOpen(offset, 'Text');
    if (this.#textBytes === 0 && bytes > 0) this.#count(offset);
    this.#textBytes += bytes;
    if (this.#textBytes > this.#limits.maxStringBytes) {
      throw new WbxmlError('string-length', offset, `Text is longer than ${this.#limits.maxStringBytes} bytes`);
    }
    this.#text += text;
  }

  /** Before the bytes are read: may a value stand here? @throws WbxmlError 'structure' */
  requireOpen(offset: number): void {
    this.#requireOpen(offset, 'A value');
  }

  /** @throws WbxmlError 'elements' */
  bytes(value: Uint8Array | ByteRun, offset: number): void {
    this.#flush();
    this.#count(offset);
    this.#open.at(-1)!.children.push(value);
  }

  #flush(): void {
    if (this.#textBytes === 0) return;
    this.#open.at(-1)!.children.push(this.#text);
    this.#text = '';
    this.#textBytes = 0;
  }

  /** Values count like elements: an empty OPAQUE is two bytes on the wire and an object here. */
  #count(offset: number): void {
    this.#nodes += 1;
    if (this.#nodes > this.#limits.maxElements) {
      throw new WbxmlError('elements', offset, `There are more than ${this.#limits.maxElements} elements and values`);
    }
  }

  #requireOpen(offset: number, what: string): void {
    if (this.#open.length === 0) throw new WbxmlError('structure', offset, `${what} stands outside the root element`);
  }
}
