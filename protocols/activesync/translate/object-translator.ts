import { GatewayError } from '../../../src/domain/errors.ts';
import type { Folder } from '../../../src/domain/folder.ts';
import type { Item } from '../../../src/domain/item.ts';
import { freeName } from '../../../src/items/free-name.ts';
import { nameForUid } from '../../../src/items/names.ts';
import { newUid } from '../../../src/items/new-uid.ts';
import { judgeContent, putContent } from '../../../src/items/put-content.ts';
import { requireRight } from '../../../src/items/require-right.ts';
import type { ItemServices } from '../../../src/items/services.ts';
import { readWhole } from '../../../src/items/whole-content.ts';
import type { MailboxReader, MailboxWriter, NewContent } from '../../../src/store/mailbox-store.ts';
import type { Translator } from '../../../src/sync/translator.ts';
import { type ApplicationData, type Field, field, textOf } from '../classes/field.ts';
import type { MergeOptions, RenderOptions } from '../classes/options.ts';
import type { ClientView } from './client-view.ts';
import type { ObjectClass } from './object-class.ts';
import { folderOf } from './one-folder.ts';
import { isDataError, notInView, refusing } from './refusals.ts';
import type { ClassCommand, RenderedItem } from './rendered-item.ts';
import { renderedSize } from './rendered-size.ts';
import { type Collection, serverIdOf } from './view.ts';

/** Marks the second item of a conflict where both are kept. */
const CONFLICT_MARK = '(conflict)';

/** Events, contacts, tasks and notes between the engine and their class. */
export class ObjectTranslator<T> implements Translator<ClassCommand, RenderedItem> {
  readonly #services: Pick<ItemServices, 'clock' | 'random' | 'limits'>;
  readonly #collection: Collection;
  readonly #view: ClientView;
  readonly #class: ObjectClass<T>;
  readonly #renderOptions: RenderOptions;

  constructor(
    services: Pick<ItemServices, 'clock' | 'random' | 'limits'>,
    collection: Collection,
    view: ClientView,
    objectClass: ObjectClass<T>,
  ) {
    this.#services = services;
    this.#collection = collection;
    this.#view = view;
    this.#class = objectClass;
    const { version, options, zone, addresses, quirks } = view;
    this.#renderOptions = { version, bodyPreferences: options.bodyPreferences, zone, addresses, ...quirks };
  }

  includes(item: Item): boolean {
    return item.kind === this.#class.kind;
  }

  async render(reader: MailboxReader, item: Item): Promise<RenderedItem | null> {
    if (!this.includes(item)) return null;
    const content = await readWhole(reader, item);
    const fields = this.#fieldsOf(content);
    return fields === null ? null : { size: renderedSize(fields), fields };
  }

  /** @throws GatewayError of `putItem`; 'uid-conflict' where the folder has an event with the UID that the phone gave */
  async create(tx: MailboxWriter, { fields }: ClassCommand): Promise<Item> {
    const { folder } = this.#collection;
    this.#requireWrite(folder);
    const made = refusing(() => this.#class.merge(null, fields, this.#mergeOptions()));
    return this.#createItem(tx, folder, made);
  }

  /** @throws GatewayError of `putItem`, 'item-not-found' */
  async change(tx: MailboxWriter, item: Item, { fields }: ClassCommand): Promise<void> {
    const { present, merged } = await this.#merge(tx, item, fields);
    const folder = this.#folderOf(item);
    if (merged !== present) await putContent(tx, folder, item.name, this.#judge(folder, merged), item);
  }

  /** The UID stays, whatever the device says of it now. @throws GatewayError of `putItem`, 'item-not-found' */
  async replace(tx: MailboxWriter, item: Item, { fields }: ClassCommand): Promise<void> {
    const folder = this.#folderOf(item);
    this.#requireWrite(folder);
    this.#requireInView(item);
    const said = fields.filter(({ name }) => name !== 'Calendar:UID');
    const options = this.#mergeOptions();
    const made = refusing(() => this.#class.merge(null, said, { ...options, newUid: item.uid ?? options.newUid }));
    await putContent(tx, folder, item.name, this.#judge(folder, made), item);
  }

  /** For good: our Deleted Items takes mail only. @throws GatewayError 'access-denied', 'item-not-found' */
  async remove(tx: MailboxWriter, item: Item): Promise<void> {
    this.#requireWrite(this.#folderOf(item));
    this.#requireInView(item);
    await tx.deleteItem(item.id);
  }

  /**
   * True only where the device's version says nothing that the item does not say by now. Nobody keeps the revision that
   * the device began with (its state is a few numbers), so an element that differs may be the device's edit as well as
   * the other's, and writing it could undo what the other changed. Where that is so the server wins.
   */
  async merge(tx: MailboxWriter, item: Item, { fields }: ClassCommand): Promise<boolean> {
    const { present, merged } = await this.#merge(tx, item, fields);
    return merged === present;
  }

  /** The device's version as a second item under a new UID, its title marked. */
  async keepCopy(tx: MailboxWriter, item: Item, { fields }: ClassCommand): Promise<void> {
    const { merged } = await this.#merge(tx, item, fields);
    const copy = this.#class.copy(merged, newUid(this.#services.random));
    await this.#createItem(
      tx,
      this.#folderOf(item),
      refusing(() => this.#marked(copy)),
    );
  }

  async losing(reader: MailboxReader, item: Item, { fields }: ClassCommand, side: 'client' | 'server') {
    const { contentType } = this.#class;
    if (side === 'server') return { content: await readWhole(reader, item), contentType };
    const { present, merged } = await this.#merge(reader, item, fields);
    return merged === present ? null : { content: this.#class.serialize(merged), contentType };
  }

  #fieldsOf(content: Uint8Array): Field[] | null {
    try {
      return this.#class.render(this.#class.parse(content), this.#renderOptions);
    } catch (error) {
      // Content that was never validated, or a series too long to be expanded: it waits in quarantine.
      if (isDataError(error) || error instanceof GatewayError) return null;
      throw error;
    }
  }

  async #merge(
    reader: MailboxReader,
    item: Item,
    fields: ApplicationData,
  ): Promise<{ readonly present: T; readonly merged: T }> {
    this.#requireWrite(this.#folderOf(item));
    this.#requireInView(item);
    const content = await readWhole(reader, item);
    return refusing(() => {
      const present = this.#class.parse(content);
      return { present, merged: this.#class.merge(present, fields, this.#mergeOptions()) };
    });
  }

  #marked(object: T): T {
    const options = { ...this.#mergeOptions(), supported: [] };
    const shown = this.#class.render(object, options) ?? [];
    const { titles } = this.#class;
    const title = titles.find((name) => (textOf(shown, name) ?? '') !== '') ?? titles[0]!;
    const text = [textOf(shown, title) ?? '', CONFLICT_MARK].filter((part) => part !== '').join(' ');
    return this.#class.merge(object, [field(title, text)], options);
  }

  /** Where the item lies: what is merged into a collection is written where it is. */
  #folderOf(item: Item): Folder {
    return folderOf(this.#collection, item.folderId) ?? this.#collection.folder;
  }

  #judge(folder: Folder, object: T): NewContent {
    return judgeContent(folder, this.#class.serialize(object), this.#class.contentType, this.#services.limits);
  }

  async #createItem(tx: MailboxWriter, folder: Folder, object: T): Promise<Item> {
    const content = this.#judge(folder, object);
    const wanted = nameForUid(content.index.uid ?? '', content.index.kind);
    return putContent(tx, folder, await freeName(tx, folder.id, wanted), content, null);
  }

  #requireWrite(folder: Folder): void {
    requireRight(this.#view.principal, folder, 'write');
  }

  #requireInView(item: Item): void {
    if (!this.includes(item)) throw notInView(serverIdOf(this.#collection, item.id));
  }

  #mergeOptions(): MergeOptions {
    const { supported } = this.#view.options;
    const now = Math.floor(this.#services.clock.now() / 1000);
    return { ...this.#renderOptions, supported, now, newUid: newUid(this.#services.random) };
  }
}
