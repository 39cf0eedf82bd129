import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LIMIT_MS = 60_000;

export interface Account {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** vdirsyncer with a folder of files for each collection, by its DAV name. */
export class Vdirsyncer {
  readonly #folder: string;

  constructor(folder: string, account: Account) {
    this.#folder = folder;
    const pairs = [
      { name: 'calendars', type: 'caldav', extension: '.ics', collections: ['Calendar', 'Tasks', 'Notes'] },
      { name: 'books', type: 'carddav', extension: '.vcf', collections: ['Contacts'] },
    ];
    for (const { name, collections } of pairs) {
      for (const collection of collections) mkdirSync(join(folder, name, collection), { recursive: true });
    }
    const lines = pairs.flatMap(({ name, type, extension, collections }) => [
      `[pair ${name}]`,
      ...[`a = "${name}_here"`, `b = "${name}_there"`, `collections = ${JSON.stringify(collections)}`],
      `[storage ${name}_here]`,
      ...['type = "filesystem"', `path = "${join(folder, name)}"`, `fileext = "${extension}"`],
      `[storage ${name}_there]`,
      ...[`type = "${type}"`, `url = "${account.url}"`],
      ...[`username = "${account.user}"`, `password = "${account.password}"`],
    ]);
    const head = ['[general]', `status_path = "${join(folder, 'status')}"`];
    writeFileSync(join(folder, 'config'), `${[...head, ...lines].join('\n')}\n`);
  }

  discover(): Promise<void> {
    return this.#run('discover');
  }

  /** @param only A pair or a collection of one (`books`, `calendars/Tasks`), in place of all. */
  sync(...only: readonly string[]): Promise<void> {
    return this.#run('sync', ...only);
  }

  /** Texts of the files of a collection. */
  files(collection: string): string[] {
    const folder = this.#at(collection);
    return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  }

  /** The file with this text in it. @throws Error unless there is one */
  only(collection: string, text: string): string {
    const found = this.files(collection).filter((content) => content.includes(text));
    if (found.length !== 1) throw new Error(`${found.length} files of ${collection} have ${text}`);
    return found[0]!;
  }

  write(collection: string, name: string, content: string): void {
    writeFileSync(join(this.#at(collection), name), content);
  }

  remove(collection: string, name: string): void {
    rmSync(join(this.#at(collection), name));
  }

  #at(collection: string): string {
    return join(this.#folder, collection === 'Contacts' ? 'books' : 'calendars', collection);
  }

  async #run(...words: readonly string[]): Promise<void> {
    const running = run('vdirsyncer', ['-c', join(this.#folder, 'config'), ...words], {
      timeout: LIMIT_MS,
      env: { ...process.env, HOME: this.#folder, XDG_CONFIG_HOME: this.#folder, XDG_DATA_HOME: this.#folder },
    });
    running.child.stdin!.end();
    await running;
  }
}
