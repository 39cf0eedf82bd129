import type { FolderId } from '../../../src/domain/folder.ts';
import { type Acting, acting } from '../../../src/observe/acting.ts';

/** The requests that wait, so that all of them, those of one device, or those for one purpose can be ended. */
export interface Parking {
  /** Counts a waiting request; the function returned takes it out again. */
  add(entry: ParkedRequest): () => void;
  /** Ends those of a device that fit, quietly: they are answered as if their time were over. `why` is 'called' where it is not said. */
  endOf(mailboxId: number, device: string, fits: (entry: ParkedRequest) => boolean, why?: EndReason): void;
  /** Ends all, when the server stops. */
  endAll(): void;
  /** Ends all that wait now, or those who came from such an address; others may wait again. */
  endPresent(fits?: (address: string) => boolean): void;
  /** Those of the newest `most` that wait for a user (local@domain; null: for anybody), each with since when (milliseconds since 1970). */
  newest(user: string | null, most: number): readonly WaitingRequest[];
  /** The server stops: nobody should begin to wait. */
  readonly isClosing: boolean;
  readonly size: number;
}

/** Why a request need not wait on: a newer one takes over, somebody wants the device to come, or the server stops. */
export type EndReason = 'newer' | 'called' | 'stopping';

export interface ParkedRequest {
  readonly mailboxId: number;
  /** Id of the device. */
  readonly device: string;
  readonly command: string;
  /** Folders whose changes it waits for. */
  readonly folderIds: readonly FolderId[];
  /** Whether it waits for this collection. */
  watches(collectionId: string): boolean;
  /** Answers it now. */
  end(why: EndReason): void;
}

/** A request that waits, with whoever it waits for. */
export interface WaitingRequest {
  readonly entry: ParkedRequest;
  readonly by: Acting;
  readonly at: number;
}

/** @param now Milliseconds since 1970. */
export function createParking(now: () => number): Parking {
  const devices = new Map<string, Map<ParkedRequest, { by: Acting; at: number }>>();
  let size = 0;
  let isClosing = false;
  const keyOf = ({ mailboxId, device }: Pick<ParkedRequest, 'mailboxId' | 'device'>) => `${mailboxId}/${device}`;
  function endPresent(why: EndReason, fits: (address: string) => boolean): void {
    for (const set of [...devices.values()]) {
      for (const [entry, { by }] of [...set]) if (fits(by.address ?? '')) entry.end(why);
    }
  }
  return {
    add(entry) {
      const key = keyOf(entry);
      const set = devices.get(key) ?? new Map<ParkedRequest, { by: Acting; at: number }>();
      devices.set(key, set);
      set.set(entry, { by: acting(), at: now() });
      size += 1;
      return () => {
        if (!set.delete(entry)) return;
        size -= 1;
        if (set.size === 0 && devices.get(key) === set) devices.delete(key);
      };
    },
    endOf(mailboxId, device, fits, why = 'called') {
      const set = devices.get(keyOf({ mailboxId, device }));
      for (const entry of [...(set?.keys() ?? [])]) if (fits(entry)) entry.end(why);
    },
    endAll() {
      isClosing = true;
      endPresent('stopping', () => true);
    },
    endPresent: (fits = () => true) => endPresent('called', fits),
    newest(user, most) {
      const found: WaitingRequest[] = [];
      // Devices are in the order in which they began to wait.
      for (const set of [...devices.values()].reverse()) {
        if (found.length >= most) break;
        for (const [entry, about] of set) if (user === null || about.by.user === user) found.push({ entry, ...about });
      }
      return found;
    },
    get isClosing() {
      return isClosing;
    },
    get size() {
      return size;
    },
  };
}
