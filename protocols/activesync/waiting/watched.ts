import type { FolderId } from '../../../src/domain/folder.ts';
import type { Item } from '../../../src/domain/item.ts';
import type { Stamp } from '../../../src/domain/mailbox.ts';
import type { Principal } from '../../../src/domain/principal.ts';
import type { MailboxReader } from '../../../src/store/mailbox-store.ts';
import { hasChanges } from '../../../src/sync/has-changes.ts';
import { openSource } from '../../../src/sync/source.ts';
import type { Translator } from '../../../src/sync/translator.ts';
import type { ClassVersion } from '../classes/version.ts';
import type { EasEnvironment } from '../environment.ts';
import { findCollection } from '../translate/find-collection.ts';
import { sourceOf } from '../translate/one-folder.ts';
import { parseOptions, wantedKeyOf } from '../translate/options.ts';
import type { RenderedItem } from '../translate/rendered-item.ts';
import { retryStampAt, translatorFor } from '../translate/translators.ts';
import { type Collection, type EasClass, partnershipDevice, type ViewSuffix } from '../translate/view.ts';
import { viewFor } from '../translate/view-for.ts';

/** A collection whose changes are waited for: no more than its names, since thousands of requests hold some each. */
export interface Watched {
  /** CollectionId. */
  readonly id: string;
  readonly folderId: FolderId;
  readonly suffix: ViewSuffix;
  /** Folders whose items it shows beside its own; absent where it shows none ever. */
  readonly merged?: readonly FolderId[];
  /**
   * Of a collection that the device does not synchronise: it was told already of what there was up to this stamp. Null: it was
   * told nothing.
   */
  readonly told: Stamp | null;
}

/** Who waits: what is kept of the request. */
export interface Waiter {
  readonly environment: EasEnvironment;
  readonly principal: Principal;
  readonly deviceId: string;
  readonly version: ClassVersion;
  /** As in the request's context; absent: none. */
  readonly oneFolderOf?: readonly EasClass[];
  /** Of the request's log line. */
  readonly logFields: Record<string, unknown>;
}

/**
 * Whether a Sync of the collection would have something for the device; null when the collection
 * is gone. One that the device never synchronised has news once, and again when something changes in it: answered each
 * time, a device that only watches it would ask for ever.
 */
export async function isCollectionChanged(waiter: Waiter, watched: Watched): Promise<boolean | null> {
  const { environment, principal } = waiter;
  const { mailboxId } = principal;
  const reader = environment.sync.store.read(mailboxId);
  // Folders come and go: which are shown as one is looked up each time.
  const collection = await findCollection(reader, waiter, watched.id);
  if (collection === null) return null;
  const source = sourceOf(collection);
  const device = partnershipDevice(waiter.deviceId, collection);
  if (watched.told !== null && (await reader.partnership(watched.folderId, device)) === null) {
    return ((await openSource(reader, source))?.last ?? 0) > watched.told;
  }
  const now = environment.sync.clock.now();
  const target = { mailboxId, ...source, device, retryStamp: retryStampAt(now) };
  const wantedKey = (options: string) => wantedKeyOf(collection.easClass, parseOptions(options), now);
  const translator = new LookingTranslator(waiter, collection, device);
  return hasChanges(environment.sync, { ...target, wantedKeyOf: wantedKey }, translator);
}

/** What is kept of a collection while it is waited for. */
export function watchedOf(collection: Collection, told: Stamp | null): Watched {
  const { id, suffix } = collection;
  return { id, ...sourceOf(collection), suffix, told };
}

/** Only looks: what is needed to render is read when something is to be rendered, which for an idle folder is never. */
class LookingTranslator implements Translator<never, RenderedItem> {
  readonly create = unused;
  readonly change = unused;
  readonly replace = unused;
  readonly remove = unused;
  readonly merge = unused;
  readonly keepCopy = unused;
  readonly losing = unused;
  readonly #waiter: Waiter;
  readonly #collection: Collection;
  readonly #device: string;
  #full: Promise<Translator<never, RenderedItem>> | null = null;

  constructor(waiter: Waiter, collection: Collection, device: string) {
    this.#waiter = waiter;
    this.#collection = collection;
    this.#device = device;
  }

  includes(item: Item): boolean {
    return item.kind === this.#collection.kind;
  }

  async render(reader: MailboxReader, item: Item, since: Stamp | null): Promise<RenderedItem | null> {
    this.#full ??= this.#open();
    return (await this.#full).render(reader, item, since);
  }

  async #open(): Promise<Translator<never, RenderedItem>> {
    const { environment, principal } = this.#waiter;
    const { folder } = this.#collection;
    const reader = environment.sync.store.read(principal.mailboxId);
    const partnership = await reader.partnership(folder.id, this.#device);
    const options = parseOptions(partnership?.current.options ?? '');
    const view = viewFor(this.#waiter, await reader.folders(), folder, options);
    return translatorFor(environment.items, this.#collection, view);
  }
}

function unused(): never {
  throw new TypeError('Looking for changes writes nothing.');
}
