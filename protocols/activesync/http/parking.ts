/** The requests that wait, so that all of them, those of one device, or those for one purpose can be ended. */
export interface Parking {
  /** Counts a waiting request; the function returned takes it out again. */
  add(entry: ParkedRequest): () => void;
  /** Ends those of a device that fit, quietly: they are answered as if their time were over. `why` is 'called' where it is not said. */
  endOf(mailboxId: number, device: string, fits: (entry: ParkedRequest) => boolean, why?: EndReason): void;
  /** Ends all, when the server stops. */
  endAll(): void;
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
  /** Whether it waits for this collection. */
  watches(collectionId: string): boolean;
  /** Answers it now. */
  end(why: EndReason): void;
}

export function createParking(): Parking {
  const devices = new Map<string, Set<ParkedRequest>>();
  let size = 0;
  let isClosing = false;
  const keyOf = ({ mailboxId, device }: Pick<ParkedRequest, 'mailboxId' | 'device'>) => `${mailboxId}/${device}`;
  return {
    add(entry) {
      const key = keyOf(entry);
      const set = devices.get(key) ?? new Set();
      devices.set(key, set);
      set.add(entry);
      size += 1;
      return () => {
        if (!set.delete(entry)) return;
        size -= 1;
        if (set.size === 0 && devices.get(key) === set) devices.delete(key);
      };
    },
    endOf(mailboxId, device, fits, why = 'called') {
      for (const entry of [...(devices.get(keyOf({ mailboxId, device })) ?? [])]) if (fits(entry)) entry.end(why);
    },
    endAll() {
      isClosing = true;
      for (const set of [...devices.values()]) for (const entry of [...set]) entry.end('stopping');
    },
    get isClosing() {
      return isClosing;
    },
    get size() {
      return size;
    },
  };
}
