import type { WakeReason } from '../../../src/devices/device-activity.ts';
import type { FolderId } from '../../../src/domain/folder.ts';
import type { MailboxId } from '../../../src/domain/mailbox.ts';
import { park } from '../../../src/push/waiters.ts';
import type { EasContext, EasResponse, Park } from '../command.ts';
import { EAS_PROTOCOL } from '../device/eas-contact.ts';
import { hierarchyChanged } from '../hierarchy/hierarchy-changed.ts';
import type { EndReason, ParkedRequest } from '../http/parking.ts';
import { isCollectionChanged, type Waiter, type Watched } from './watched.ts';

type ParkedResponse = Extract<EasResponse, { kind: 'parked' }>;

/** What is waited for, by which command. */
export interface Wait {
  readonly context: EasContext;
  readonly command: 'Ping' | 'Sync';
  readonly watched: readonly Watched[];
  readonly seconds: number;
}

export type WaitOutcome =
  /** A Sync of these collections would have something. */
  | { readonly kind: 'changed'; readonly collections: readonly Watched[] }
  /** The device has to do FolderSync, or a watched collection is gone. */
  | { readonly kind: 'hierarchy' }
  /** The time is up, the server stops, a newer request took its place, or the device's policy changed. */
  | { readonly kind: 'over' };

/**
 * Makes the answer when the wait ends. It is held for as long as the wait: what it holds should be small, so it gets who
 * waited handed in. Its rejections, and those of looking for changes, are answered as any command's.
 */
export type WaitAnswer = (outcome: WaitOutcome, waiter: Waiter) => EasResponse | Promise<EasResponse>;

/**
 * Parks the request until one of the collections, or the hierarchy, has something for the device: one socket, one timer,
 * one listener, and nothing of the request's document. What is there already is answered at once. An older request of the
 * device that waits by the same command is ended first.
 */
export function waitForChanges({ context, command, watched, seconds }: Wait, answer: WaitAnswer): ParkedResponse {
  const { environment, principal, device, version, oneFolderOf, logFields } = context;
  const waiter: Waiter = { environment, principal, deviceId: device.id, version, oneFolderOf, logFields };
  return { kind: 'parked', park: parkOf(waiter, { command, watched, seconds }, answer) };
}

/**
 * A Sync takes over what the device waits for: an older Sync, and a Ping for any of these collections, which cannot say
 * any more what this Sync will tell.
 */
export function endWaitsFor(
  { environment, principal, device }: Pick<EasContext, 'environment' | 'principal' | 'device'>,
  collectionIds: readonly string[],
): void {
  environment.parking.endOf(
    principal.mailboxId,
    device.id,
    (parked) => parked.command === 'Sync' || collectionIds.some((id) => parked.watches(id)),
    'newer',
  );
}

function foldersOf({ folderId, merged = [] }: Watched): readonly FolderId[] {
  return [folderId, ...merged];
}

type Terms = Pick<Wait, 'command' | 'watched' | 'seconds'>;

type Send = Parameters<Park>[0];

/** On its own, so that the function holds its arguments and nothing of the request. */
function parkOf(waiter: Waiter, terms: Terms, answer: WaitAnswer): Park {
  return (send) => new ParkedWait(waiter, terms, answer, send);
}

class ParkedWait implements ParkedRequest {
  readonly mailboxId: MailboxId;
  readonly device: string;
  readonly command: string;
  readonly #waiter: Waiter;
  readonly #watched: readonly Watched[];
  readonly #answer: WaitAnswer;
  readonly #send: Send;
  readonly #leaveParking: () => void;
  readonly #stopListening: () => void;
  readonly #noteEnd: (why: WakeReason) => void;
  /** Folders to look into; 'all' at first. */
  #due: 'all' | Set<FolderId> | null = 'all';
  #isLooking = false;
  #isTimeUp = false;
  #isOver = false;

  constructor(waiter: Waiter, { command, watched, seconds }: Terms, answer: WaitAnswer, send: Send) {
    const { environment, principal, deviceId } = waiter;
    this.mailboxId = principal.mailboxId;
    this.device = deviceId;
    this.command = command;
    this.#waiter = waiter;
    this.#watched = watched;
    this.#answer = answer;
    this.#send = send;
    environment.parking.endOf(this.mailboxId, deviceId, (parked) => parked.command === command, 'newer');
    this.#leaveParking = environment.parking.add(this);
    this.#noteEnd = environment.activity?.noteWait(this.mailboxId, deviceId, seconds) ?? (() => undefined);
    // Listens before it looks: what is committed in between wakes it.
    this.#stopListening = park(environment.bus, environment.sync.clock, {
      mailboxId: this.mailboxId,
      folders: new Set(watched.flatMap(foldersOf)),
      // Folders come and go.
      tellsOthers: true,
      timeoutMs: seconds * 1_000,
      onWake: (folders) => this.#wake(folders),
      onTimeout: () => this.#timeUp(),
    });
    this.#isTimeUp = environment.parking.isClosing;
    void this.#look();
  }

  get folderIds(): readonly FolderId[] {
    return this.#watched.map(({ folderId }) => folderId);
  }

  watches(collectionId: string): boolean {
    return this.#watched.some(({ id }) => id === collectionId);
  }

  /** The client left. */
  cancel(): void {
    this.#letGo({ kind: 'left' });
  }

  end(why: EndReason = 'called'): void {
    this.#finish({ kind: 'over' }, { kind: why });
  }

  #wake(folders: ReadonlySet<FolderId>): void {
    if (this.#due !== 'all') this.#due = new Set([...(this.#due ?? []), ...folders]);
    void this.#look();
  }

  /** What is being looked at is still told. */
  #timeUp(): void {
    this.#isTimeUp = true;
    if (!this.#isLooking) this.#overByTime();
  }

  /** Looks into what is due until there is something to say. Never rejects. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      while (this.#due !== null && !this.#isOver) {
        const due = this.#due;
        this.#due = null;
        const outcome = due === 'all' ? await this.#firstLook() : await this.#lookInto(due);
        if (outcome !== null) this.#finish(outcome, reasonOf(outcome));
      }
      if (this.#isTimeUp) this.#overByTime();
    } catch (error) {
      if (this.#letGo({ kind: 'failed' })) this.#send(Promise.reject(error));
    } finally {
      this.#isLooking = false;
    }
  }

  async #firstLook(): Promise<WaitOutcome | null> {
    const { environment, principal } = this.#waiter;
    // Revoked after it was let in, and before anybody could end it here: a body may come slowly.
    const refusal = await environment.devices.protocolRefusal(principal, EAS_PROTOCOL);
    if (refusal !== null) return { kind: 'over' };
    if (await this.#isHierarchyChanged()) return { kind: 'hierarchy' };
    return this.#changesIn(this.#watched);
  }

  async #lookInto(folders: ReadonlySet<FolderId>): Promise<WaitOutcome | null> {
    const outcome = await this.#changesIn(this.#dueAmong(folders));
    if (outcome !== null) return outcome;
    return (await this.#isHierarchyChanged()) ? { kind: 'hierarchy' } : null;
  }

  /** A folder that nobody knows of may be a new one of those that are shown as one. */
  #dueAmong(folders: ReadonlySet<FolderId>): readonly Watched[] {
    const known = new Set(this.#watched.flatMap(foldersOf));
    const isAnyUnknown = [...folders].some((id) => !known.has(id));
    return this.#watched.filter(
      (one) => (isAnyUnknown && one.merged !== undefined) || foldersOf(one).some((id) => folders.has(id)),
    );
  }

  async #changesIn(watched: readonly Watched[]): Promise<WaitOutcome | null> {
    const collections: Watched[] = [];
    for (const one of watched) {
      const isChanged = await isCollectionChanged(this.#waiter, one);
      if (isChanged === null) return { kind: 'hierarchy' };
      if (isChanged) collections.push(one);
    }
    return collections.length === 0 ? null : { kind: 'changed', collections };
  }

  #isHierarchyChanged(): Promise<boolean> {
    const { environment, principal, deviceId } = this.#waiter;
    return hierarchyChanged(environment, principal, { id: deviceId }, this.#waiter);
  }

  #overByTime(): void {
    const isStopping = this.#waiter.environment.parking.isClosing;
    this.#finish({ kind: 'over' }, { kind: isStopping ? 'stopping' : 'time-over' });
  }

  #finish(outcome: WaitOutcome, why: WakeReason): void {
    if (!this.#letGo(why)) return;
    this.#waiter.logFields.ended = outcome.kind;
    this.#send(this.#answerTo(outcome));
  }

  async #answerTo(outcome: WaitOutcome): Promise<EasResponse> {
    return this.#answer(outcome, this.#waiter);
  }

  /** False when it had let go before. */
  #letGo(why: WakeReason): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#noteEnd(why);
    this.#stopListening();
    this.#leaveParking();
    return true;
  }
}

function reasonOf(outcome: WaitOutcome): WakeReason {
  if (outcome.kind === 'over') return { kind: 'time-over' };
  if (outcome.kind === 'hierarchy') return { kind: 'folders' };
  return { kind: 'changed', folders: outcome.collections.map(({ folderId }) => folderId) };
}
