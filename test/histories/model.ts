/**
 * What the store must hold, by the meaning of the requests alone. An item's `version` is a new object at every change of
 * its bytes, so "does this client hold the present revision" is identity.
 */
export interface ModelItem {
  readonly uid: string;
  readonly data: string;
  readonly version: object;
}

export class Model {
  /** Collection path → name → item. A collection that is missing here does not exist. */
  readonly collections = new Map<string, Map<string, ModelItem>>();
  items(collection: string): Map<string, ModelItem> {
    const items = this.collections.get(collection);
    if (!items) throw new TypeError(`no collection ${collection} in the model`);
    return items;
  }

  item(collection: string, name: string): ModelItem | undefined {
    return this.collections.get(collection)?.get(name);
  }

  uidTakenBy(collection: string, uid: string): string | undefined {
    for (const [name, item] of this.items(collection)) if (item.uid === uid) return name;
    return undefined;
  }

  /** Storing the bytes that are there is no change. */
  put(collection: string, name: string, uid: string, data: string): void {
    const present = this.item(collection, name);
    if (present?.data === data) return;
    this.items(collection).set(name, { uid, data, version: {} });
  }
}
