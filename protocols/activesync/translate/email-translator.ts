import { GatewayError } from '../../../src/domain/errors.ts';
import { flagsChangedSince } from '../../../src/domain/flag-revs.ts';
import type { FlagAspect, Item, ItemFlags } from '../../../src/domain/item.ts';
import type { Stamp } from '../../../src/domain/mailbox.ts';
import { ENDLESS_TURN, inTurns } from '../../../src/domain/turns.ts';
import { type MessageIndex, partsOf } from '../../../src/formats/mime/message-index.ts';
import { MimeError } from '../../../src/formats/mime/mime-error.ts';
import { discardItem } from '../../../src/items/discard-item.ts';
import { requireRight } from '../../../src/items/require-right.ts';
import type { ItemServices } from '../../../src/items/services.ts';
import type { MailboxReader, MailboxWriter } from '../../../src/store/mailbox-store.ts';
import type { Translator } from '../../../src/sync/translator.ts';
import { renderEmail } from '../classes/email/email-class.ts';
import type { EmailRenderOptions } from '../classes/email/email-options.ts';
import { changedFields, mergeEmail } from '../classes/email/email-state.ts';
import { checkContent, comparedBody, namesContent } from '../classes/email/fixed-content.ts';
import { LARGEST_HELD, readAll } from '../classes/email/held-message.ts';
import type { StoredMessage } from '../classes/email/message-view.ts';
import type { ApplicationData, Field } from '../classes/field.ts';
import type { BodyPreference, MergeOptions } from '../classes/options.ts';
import type { ClientView } from './client-view.ts';
import { flagsWithState, stateAspect, stateOfFlags, stateOfItem } from './email-flags.ts';
import type { CollectionOptions } from './options.ts';
import { notInView, refusing } from './refusals.ts';
import type { ClassCommand, RenderedItem } from './rendered-item.ts';
import { renderedSize } from './rendered-size.ts';
import { openMessage } from './stored-message.ts';
import { type Collection, serverIdOf } from './view.ts';

/** MIMETruncation 0 … 7 in bytes; 8 truncates nothing (MS-ASCMD §2.2.3.111). */
const MIME_SIZES = [0, 4_096, 5_120, 7_168, 10_240, 20_480, 51_200, 102_400] as const;

/** Mail between the engine and its class. A message never changes; what a client can change is noted beside it. */
export class EmailTranslator implements Translator<ClassCommand, RenderedItem> {
  readonly #services: Pick<ItemServices, 'store' | 'clock' | 'turns' | 'debug'>;
  readonly #collection: Collection;
  readonly #view: ClientView;

  constructor(
    services: Pick<ItemServices, 'store' | 'clock' | 'turns' | 'debug'>,
    collection: Collection,
    view: ClientView,
  ) {
    this.#services = services;
    this.#collection = collection;
    this.#view = view;
  }

  includes(item: Item): boolean {
    return item.kind === 'MESSAGE';
  }

  /**
   * Values in `fields` may be streams. They are read while the answer is sent, when the transaction is over; should the
   * message have been removed by then, reading rejects with 'item-not-found'.
   *
   * Where nothing but marks changed they are all that is told, and of the message nothing is read (MS-ASEMAIL, "Sending E-Mail Changes to the Client").
   */
  async render(reader: MailboxReader, item: Item, since: Stamp | null): Promise<RenderedItem | null> {
    if (!this.includes(item)) return null;
    const changed = since === null ? [] : flagsChangedSince(item, since);
    return changed.length === 0 ? this.#whole(reader, item) : this.#marks(item, changed);
  }

  #marks(item: Item, changed: readonly FlagAspect[]): RenderedItem {
    const fields = changedFields(stateOfItem(item), changed.map(stateAspect), this.#renderOptions());
    return { size: renderedSize(fields), fields };
  }

  async #whole(reader: MailboxReader, item: Item): Promise<RenderedItem | null> {
    let source: () => AsyncIterable<Uint8Array> = () => reader.content(item.id);
    if (item.size <= LARGEST_HELD) {
      const whole = await readAll(source());
      source = () => once(whole);
    }
    const turns = this.#services.turns?.() ?? ENDLESS_TURN;
    const fields = await this.#fieldsOf(item, () => inTurns(source(), turns));
    source = () => this.#services.store.read(item.mailboxId).content(item.id);
    return fields === null ? null : { size: renderedSize(fields), fields };
  }

  /** Before 16.0 no client adds mail by Sync: it is sent, or delivered. @throws GatewayError 'content-unsupported' */
  async create(): Promise<Item> {
    const message = 'Mail is not added by Sync before protocol version 16.0.';
    throw new GatewayError('content-unsupported', { contentType: 'message/rfc822' }, message);
  }

  /** Read state, flag and categories. @throws GatewayError 'content-invalid', 'access-denied', 'item-not-found' */
  async change(tx: MailboxWriter, item: Item, { fields }: ClassCommand): Promise<void> {
    const flags = await this.#mergedFlags(tx, item, fields);
    if (flags !== null) await tx.setFlags(item.id, flags);
  }

  /** @throws GatewayError 'content-unsupported', as `create` does */
  async replace(): Promise<void> {
    await this.create();
  }

  /** @throws GatewayError 'access-denied', 'item-not-found' */
  async remove(tx: MailboxWriter, item: Item, { deletesAsMoves }: ClassCommand): Promise<void> {
    this.#requireWritable(item);
    if (deletesAsMoves) await discardItem(tx, item);
    else await tx.deleteItem(item.id);
  }

  /**
   * Of a state with two values the device's edit is the other one than it began with: what is there now either still is
   * that, or says the same as the device. So Read alone can always be taken. Of a flag and of categories nobody knows
   * what the device began with: they merge only where there is nothing to write.
   */
  async merge(tx: MailboxWriter, item: Item, command: ClassCommand): Promise<boolean> {
    const isReadOnly = command.fields.every(({ name }) => name === 'Email:Read');
    if (!isReadOnly) return (await this.#mergedFlags(tx, item, command.fields)) === null;
    await this.change(tx, item, command);
    return true;
  }

  /** A message is there once: the state that lost is kept by `losing`, and no second message is made for it. */
  async keepCopy(_tx: MailboxWriter, item: Item): Promise<void> {
    this.#requireWritable(item);
  }

  /** What is noted of the message as JSON (`ItemFlags`): the message itself is the same on both sides. */
  async losing(reader: MailboxReader, item: Item, { fields }: ClassCommand, side: 'client' | 'server') {
    const flags = side === 'server' ? item.flags : await this.#mergedFlags(reader, item, fields);
    return flags === null ? null : { content: Buffer.from(JSON.stringify(flags)), contentType: 'application/json' };
  }

  async #fieldsOf(item: Item, open: StoredMessage['open'], options = this.#renderOptions()): Promise<Field[] | null> {
    try {
      const message = await openMessage(this.#collection, item, open);
      this.#services.debug?.('decoding', () => decodingOf(item, message.index), 'message read');
      return await renderEmail(message, stateOfItem(item), options);
    } catch (error) {
      // Thousands of parts or a header without end: it waits in quarantine.
      if (!(error instanceof MimeError)) throw error;
      const { message: reason } = error;
      this.#services.debug?.(
        'decoding',
        () => ({ mailbox: item.mailboxId, item: item.id, reason }),
        'message not read',
      );
      return null;
    }
  }

  /** Null where the command changes nothing. */
  async #mergedFlags(reader: MailboxReader, item: Item, fields: ApplicationData): Promise<ItemFlags | null> {
    this.#requireWritable(item);
    if (namesContent(fields)) await this.#checkContent(reader, item, fields);
    const state = stateOfFlags(item.flags);
    const merged = refusing(() => mergeEmail(state, fields, this.#mergeOptions()));
    return merged === state ? null : flagsWithState(item.flags, state, merged);
  }

  async #checkContent(reader: MailboxReader, item: Item, fields: ApplicationData): Promise<void> {
    const options = { ...this.#renderOptions(), bodyPreferences: comparedBody(fields) };
    const shown = await this.#fieldsOf(item, () => reader.content(item.id), options);
    refusing(() => checkContent(fields, shown ?? []));
  }

  #requireWritable(item: Item): void {
    requireRight(this.#view.principal, this.#collection.folder, 'write');
    if (!this.includes(item)) throw notInView(serverIdOf(this.#collection, item.id));
  }

  #renderOptions(): EmailRenderOptions {
    const { version, options, zone, addresses } = this.#view;
    const { mimeSupport, bodyPartPreference } = options;
    const shown = { version, zone, addresses, mimeSupport, bodyPreferences: preferencesOf(options) };
    return bodyPartPreference ? { ...shown, bodyPartPreference } : shown;
  }

  #mergeOptions(): MergeOptions {
    const now = Math.floor(this.#services.clock.now() / 1000);
    return { ...this.#renderOptions(), supported: null, now, newUid: '' };
  }
}

/** MIMETruncation is a second limit on what a BodyPreference lets through as MIME. */
function preferencesOf({ bodyPreferences, mimeTruncation }: CollectionOptions): readonly BodyPreference[] {
  const limit = mimeTruncation === null ? undefined : MIME_SIZES[mimeTruncation];
  if (limit === undefined) return bodyPreferences;
  return bodyPreferences.map((preference) =>
    preference.type === 4
      ? { ...preference, truncationSize: Math.min(limit, preference.truncationSize ?? limit) }
      : preference,
  );
}

/** How the parts are written: types, character sets and encodings, none of what they hold. */
function decodingOf({ mailboxId, id }: Item, { root, size }: MessageIndex): Readonly<Record<string, unknown>> {
  const parts = [...partsOf(root)].map(({ mediaType, parameters, transferEncoding, body }) => {
    return {
      mediaType,
      charset: parameters.get('charset') ?? null,
      encoding: transferEncoding,
      bytes: body.end - body.start,
    };
  });
  return { mailbox: mailboxId, item: id, size, parts };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
