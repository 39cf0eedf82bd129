import { decodeWords, encodeWords } from './encoded-words.ts';

/** One mailbox of an address field. */
export interface MailAddress {
  /** Display name, decoded; null where there is none. */
  readonly name: string | null;
  /** `local@domain`; '' where only a name was written. */
  readonly address: string;
}

/** A named group (RFC 5322 §3.4), e.g. `undisclosed-recipients:;`. */
export interface AddressGroup {
  readonly group: string;
  readonly members: readonly MailAddress[];
}

export type AddressEntry = MailAddress | AddressGroup;

/**
 * Reads an unfolded address list, encoded words still in it (decoding them first would let a comma inside a name cut
 * it in two). Takes what real programs write: empty elements, missing brackets and quotes, names with an @, semicolons
 * between addresses. Never fails.
 */
export function parseAddressList(text: string): AddressEntry[] {
  return new AddressReader(text).read();
}

/** Every mailbox of the list, those in groups included. */
export function flattenAddresses(entries: readonly AddressEntry[]): MailAddress[] {
  return entries.flatMap((entry) => ('group' in entry ? entry.members : [entry]));
}

class AddressReader {
  readonly #text: string;
  readonly #entries: AddressEntry[] = [];
  #members: MailAddress[] | null = null;
  #groupName = '';
  #at = 0;
  /** The present element as written, without comments and angle part; and as a reader sees it, without quotes. */
  #raw = '';
  #shown = '';
  #angle: string | null = null;
  #comments: string[] = [];
  /** Openers whose closer is known not to come any more: they are plain characters then. */
  readonly #unclosed = new Set<string>();

  constructor(text: string) {
    this.#text = text;
  }

  read(): AddressEntry[] {
    while (this.#at < this.#text.length) this.#step(this.#text[this.#at]!);
    this.#flush();
    this.#endGroup();
    return this.#entries;
  }

  #step(character: string): void {
    if (character === '"' && this.#quoted()) return;
    if (character === '(' && this.#comment()) return;
    if (character === '<' && this.#angled()) return;
    this.#at += 1;
    if (character === ',' || character === ';') {
      this.#flush();
      if (character === ';') this.#endGroup();
    } else if (character === ':' && this.#members === null && this.#angle === null && !this.#raw.includes('@')) {
      this.#members = [];
      this.#groupName = decodeWords(collapse(this.#shown));
      this.#clear();
    } else {
      this.#raw += character;
      this.#shown += character;
    }
  }

  #quoted(): boolean {
    const end = this.#closing('"', (at) => this.#text[at] === '"');
    if (end < 0) return false;
    const inner = this.#text.slice(this.#at + 1, end);
    this.#raw += `"${inner}"`;
    this.#shown += inner.replace(/\\(.)/g, '$1');
    this.#at = end + 1;
    return true;
  }

  #comment(): boolean {
    let depth = 1;
    const end = this.#closing('(', (at) => {
      if (this.#text[at] === '(') depth += 1;
      if (this.#text[at] === ')') depth -= 1;
      return depth === 0;
    });
    if (end < 0) return false;
    this.#comments.push(this.#text.slice(this.#at + 1, end).replace(/\\(.)/g, '$1'));
    this.#raw += ' ';
    this.#shown += ' ';
    this.#at = end + 1;
    return true;
  }

  #angled(): boolean {
    const end = this.#closing('<', (at) => this.#text[at] === '>');
    if (end < 0) return false;
    const inner = collapse(withoutComments(this.#text.slice(this.#at + 1, end)));
    // RFC 5322 §4.4: a source route before the address is ignored.
    this.#angle = inner.replace(/^@[^:]*:/, '').replace(/ ?@ ?/g, '@');
    this.#at = end + 1;
    return true;
  }

  #closing(opener: string, isEnd: (at: number) => boolean): number {
    if (this.#unclosed.has(opener)) return -1;
    for (let at = this.#at + 1; at < this.#text.length; at += 1) {
      if (this.#text[at] === '\\' && opener !== '<') at += 1;
      else if (isEnd(at)) return at;
    }
    this.#unclosed.add(opener);
    return -1;
  }

  #flush(): void {
    const entry = this.#element();
    this.#clear();
    if (entry === null) return;
    if (this.#members === null) this.#entries.push(entry);
    else this.#members.push(entry);
  }

  #element(): MailAddress | null {
    const shown = collapse(this.#shown);
    const comment = this.#comments.length === 0 ? null : decodeWords(this.#comments.join(' ').trim());
    if (this.#angle !== null) {
      const name = shown === '' ? comment : decodeWords(shown);
      return { name: name === '' ? null : name, address: this.#angle };
    }
    const raw = collapse(this.#raw).replace(/ ?([@.]) ?(?=[^ "])/g, '$1');
    if (raw === '') return null;
    if (!/\s/.test(raw) || (raw.length < 1000 && /^"(?:[^"\\]|\\.)*"@\S+$/.test(raw))) {
      return raw.startsWith('"') && !raw.includes('@') ? { name: shown, address: '' } : { name: comment, address: raw };
    }
    // Words and an address without brackets: the last word with an @ is the address.
    const address = raw.split(/\s+/).findLast((word) => word.includes('@'));
    if (address === undefined) return { name: decodeWords(shown), address: '' };
    const name = collapse(raw.replace(address, '').replaceAll('"', ''));
    return { name: name === '' ? comment : decodeWords(name), address: address.replace(/[<>]/g, '') };
  }

  #endGroup(): void {
    if (this.#members !== null) this.#entries.push({ group: this.#groupName, members: this.#members });
    this.#members = null;
  }

  #clear(): void {
    this.#raw = '';
    this.#shown = '';
    this.#angle = null;
    this.#comments = [];
  }
}

/** RFC 5322 §3.2.2: comments may stand inside the brackets too. A quoted local part may hold brackets of its own. */
function withoutComments(address: string): string {
  return address.includes('"') ? address : address.replace(/\([^()]*\)/g, '');
}

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Writes an address list (RFC 5322 §3.4), names encoded as RFC 2047 §5 rule 3 wants; one line, to be folded at blanks. */
export function formatAddressList(entries: readonly AddressEntry[]): string {
  return entries
    .map((entry) =>
      'group' in entry
        ? `${formatPhrase(entry.group)}:${entry.members.map(formatAddress).join(', ')};`
        : formatAddress(entry),
    )
    .join(', ');
}

function formatAddress({ name, address }: MailAddress): string {
  const clean = address.replace(/[\r\n<>\0]/g, '');
  if (name === null || name === '') return clean;
  return clean === '' ? formatPhrase(name) : `${formatPhrase(name)} <${clean}>`;
}

function formatPhrase(text: string): string {
  if (/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+$/.test(text) && !text.includes('=?') && text === collapse(text)) return text;
  if (/^[ -~]*$/.test(text) && !text.includes('=?')) return `"${text.replace(/["\\]/g, '\\$&')}"`;
  return encodeWords(text).join(' ');
}
