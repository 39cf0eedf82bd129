import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `about.yaml` of a capture or recording says; the file has one `key: value` a line. */
export interface About {
  /** The name that requests sign in with which do not say it themselves. */
  readonly user: string;
  /** Addresses of the mailboxes that requests go to. */
  readonly mailboxes: readonly string[];
  /** Whether what people wrote was masked. */
  readonly isMasked: boolean;
}

/** @throws Error when the folder has no such file, or it names no user */
export function readAbout(folder: string): About {
  const fields = parseAbout(readFileSync(join(folder, 'about.yaml'), 'utf8'));
  const user = fields.get('user');
  if (user === undefined) throw new Error(`${folder}/about.yaml names no user`);
  const mailboxes = fields.get('mailboxes')?.split(' ') ?? [user];
  return { user, mailboxes, isMasked: fields.get('contents') === 'masked' };
}

export function parseAbout(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').map((line) => /^([\w-]+): (.*)$/u.exec(line.trimEnd()));
  return new Map(lines.flatMap((match) => (match === null ? [] : [[match[1]!, unquoted(match[2]!)] as const])));
}

export function formatAbout(fields: Readonly<Record<string, string | number>>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}: ${quoted(String(value).replaceAll(/[\r\n]+/gu, ' '))}\n`)
    .join('');
}

/** Numbers and what YAML would take for something else stand in quotes. */
function quoted(value: string): string {
  return /^[A-Za-z][\w@. ,;()/+-]*$/u.test(value) ? value : JSON.stringify(value);
}

function unquoted(value: string): string {
  return value.startsWith('"') ? String(JSON.parse(value)) : value;
}
