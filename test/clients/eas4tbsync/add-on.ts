import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Thunderbird } from './thunderbird.ts';

/** Folders with the files of the two add-ons, which Debian's packages `webext-tbsync` and `webext-eas4tbsync` have as `.xpi`. */
const PLACES = { core: 'tbsync', provider: 'eas4tbsync' };
/** Chrome packages are named from here. */
const INSIDE = resolve('test/clients/eas4tbsync/inside');

/** The folder with both of PLACES; null without one. `.ci/run` says how it comes about. */
export function unpackedPackages(): string | null {
  const folder = process.env.EAS4TBSYNC;
  if (folder === undefined) return null;
  const isThere = Object.values(PLACES).every((place) => existsSync(join(folder, place, 'manifest.json')));
  return isThere ? resolve(folder) : null;
}

/** That of the provider; `unknown` when it is not there. */
export function providerVersion(): string {
  const folder = unpackedPackages();
  return folder === null ? 'unknown' : versionIn(join(folder, PLACES.provider));
}

function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { version: string }).version;
}

export interface SyncResult {
  /** `success`, or what went wrong, in the add-on’s word for it. */
  readonly status: string;
  readonly version: string;
  readonly allowed: { readonly versions: string; readonly commands: string };
  readonly isProvisioned: boolean;
  readonly policyKey: string;
  readonly folders: readonly {
    readonly name: string;
    readonly type: string;
    readonly id: string;
    readonly status: string;
  }[];
  readonly prompts: readonly { readonly url: string; readonly account: string; readonly user: string }[];
  readonly log: readonly { readonly type: string; readonly message: string; readonly details: string | null }[];
}

export interface Account {
  readonly user: string;
  readonly password: string;
  /** Name and port. */
  readonly host: string;
}

/** TbSync with its provider for ActiveSync in a running Thunderbird, and the person in front of it. */
export class AddOn {
  readonly #thunderbird: Thunderbird;

  private constructor(thunderbird: Thunderbird) {
    this.#thunderbird = thunderbird;
  }

  /** @throws Error when a module of it does not load */
  static async start(packages: string): Promise<AddOn> {
    const thunderbird = await Thunderbird.start();
    const place = (path: string) => ({ folder: join(packages, path), version: versionIn(join(packages, path)) });
    const broken = await thunderbird.run(
      `const { FileUtils } = ChromeUtils.importESModule('resource://gre/modules/FileUtils.sys.mjs');
       const startup = Cc['@mozilla.org/addons/addon-manager-startup;1'].getService(Ci.amIAddonManagerStartup);
       const manifest = Services.io.newFileURI(new FileUtils.File(given[0] + '/manifest.json'));
       const registration = startup.registerChrome(manifest, [['content', 'causeway', './']]);
       const { keep, load } = ChromeUtils.importESModule('chrome://causeway/content/load.mjs');
       keep(registration);
       return load(given[1]);`,
      INSIDE,
      { core: place(PLACES.core), provider: place(PLACES.provider) },
    );
    if (JSON.stringify(broken) !== '[]') throw new Error(`modules of TbSync did not load: ${JSON.stringify(broken)}`);
    return new AddOn(thunderbird);
  }

  /** Gives the id that it made up for the device. */
  async addAccount(account: Account): Promise<string> {
    return String(await this.#act('addAccount', { name: 'Work', ...account }));
  }

  async changePassword(password: string): Promise<void> {
    await this.#act('changePassword', { password });
  }

  async startOver(): Promise<void> {
    await this.#act('startOver');
  }

  async select(...folders: readonly string[]): Promise<void> {
    for (const folder of folders) await this.#act('select', folder);
  }

  async sync(): Promise<SyncResult> {
    return (await this.#act('sync')) as SyncResult;
  }

  /** Synchronises. @throws Error with all that it told the person, unless it went well without a warning */
  async syncWell(): Promise<SyncResult> {
    const result = await this.sync();
    const bad = result.log.filter(({ type }) => type === 'warning' || type === 'error');
    if (result.status === 'success' && bad.length === 0) return result;
    const lines = bad.map(({ message, details }) => `${message}: ${(details ?? '').slice(0, 300)}`);
    throw new Error([result.status, ...lines].join('\n'));
  }

  /** vCards of an address book, lines unfolded. */
  async cards(folder: string): Promise<string[]> {
    return ((await this.#act('cards', folder)) as string[]).map(unfolded);
  }

  /** vCards and iCalendar texts of all that is in this Thunderbird, in whatever address book or calendar. */
  async everything(): Promise<string[]> {
    return ((await this.#act('everything')) as string[]).map(unfolded);
  }

  async addCard(folder: string, text: string): Promise<void> {
    await this.#act('addCard', folder, text);
  }

  /** Gives the card with this address other properties: name in lower case → value, null takes it away. */
  async changeCard(folder: string, email: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#act('changeCard', folder, email, changes);
  }

  async removeCard(folder: string, email: string): Promise<void> {
    await this.#act('removeCard', folder, email);
  }

  /** iCalendar texts of a calendar, each with all components of its item but definitions of zones, lines unfolded. */
  async items(folder: string): Promise<string[]> {
    return ((await this.#act('items', folder)) as string[]).map((text) => {
      return unfolded(text).replaceAll(/BEGIN:VTIMEZONE[\s\S]*?END:VTIMEZONE\n/gu, '');
    });
  }

  async addItem(folder: string, text: string): Promise<void> {
    await this.#act('addItem', folder, text);
  }

  async changeItem(folder: string, title: string, change: string, ...words: readonly string[]): Promise<void> {
    await this.#act('changeItem', folder, title, change, ...words);
  }

  async removeItem(folder: string, title: string): Promise<void> {
    await this.#act('removeItem', folder, title);
  }

  async search(text: string): Promise<{ status: string; people: Readonly<Record<string, string>>[] }> {
    return (await this.#act('search', text)) as { status: string; people: Record<string, string>[] };
  }

  async stop(): Promise<void> {
    await this.#thunderbird.stop();
  }

  async #act(name: string, ...words: readonly unknown[]): Promise<unknown> {
    const body = `const { ${name} } = ChromeUtils.importESModule('chrome://causeway/content/act.mjs');
      return ${name}(...given);`;
    return this.#thunderbird.run(body, ...words);
  }
}

/** RFC 5545 §3.1, RFC 6350 §3.2. */
export function unfolded(text: string): string {
  return text.replaceAll(/\r?\n[ \t]/gu, '').replaceAll('\r\n', '\n');
}
