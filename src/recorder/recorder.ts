import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, RandomBytes } from '../domain/clock.ts';
import { GatewayError } from '../domain/errors.ts';
import { acting } from '../observe/acting.ts';
import type { Log } from '../observe/log.ts';
import { parseAbout } from './about.ts';
import { Recording } from './recording.ts';
import type { RecordingBounds, RecordingChoice, RecordingSummary } from './recording-types.ts';
import type { WireFormat } from './wire-format.ts';

export const DEFAULT_MINUTES = 30;
export const MAX_MINUTES = 24 * 60;
/** Recordings vanish so many days after they ended. */
export const KEEP_DAYS = 7;
/** In the data folder. */
export const RECORDINGS_FOLDER = 'recordings';
const DAY_MS = 86_400_000;
const DEFAULT_BOUNDS = { exchanges: 2000, bytes: 64 * 1024 * 1024 };
/** Recordings that go on at once. */
const MAX_RUNNING = 10;
const ID = /^\d{8}-[0-9a-f]{8}$/u;
const FILE = /^(?:about\.yaml|\d{3,9}\.(?:request|response|parked)(?:\.xml)?)$/u;

export interface RecorderParts {
  /** `recordings` in the data folder; made when something is recorded. */
  readonly folder: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
  /** How the protocols are recorded; null where no requests come in, so that nothing can be recorded. */
  readonly formats: readonly WireFormat[] | null;
  readonly bounds?: Pick<RecordingBounds, 'exchanges' | 'bytes'>;
}

export interface RecordingFile {
  readonly name: string;
  readonly size: number;
}

/** All recordings of a data folder. */
export interface Recorder {
  /** Whether anything is recorded now: when not, requests are not looked at. */
  readonly isRecording: boolean;
  /** The recordings of this person that go on. */
  recordingsOf(address: string): readonly Recording[];
  /** @throws GatewayError 'object-invalid' for wrong bounds, 'too-many-results', 'store-unavailable' where no server runs */
  start(choice: RecordingChoice): Promise<RecordingSummary>;
  /** The newest first. */
  list(): Promise<readonly RecordingSummary[]>;
  /** @throws GatewayError 'item-not-found' */
  stop(id: string): Promise<RecordingSummary>;
  /** @throws GatewayError 'item-not-found' */
  remove(id: string): Promise<void>;
  /** @throws GatewayError 'item-not-found' */
  files(id: string): Promise<readonly RecordingFile[]>;
  /** Bytes of a file. @throws GatewayError 'item-not-found' */
  read(id: string, name: string, start: number, end: number): Promise<Uint8Array>;
  /** Removes what ended long ago; how many. */
  expire(): Promise<number>;
  /** Ends all that go on. */
  close(): Promise<void>;
}

export function createRecorder(parts: RecorderParts): Recorder {
  return new FolderRecorder(parts);
}

class FolderRecorder implements Recorder {
  readonly #parts: RecorderParts;
  /** Those that go on, and those that are being finished. */
  readonly #running = new Map<string, Recording>();

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  get isRecording(): boolean {
    for (const recording of this.#running.values()) if (recording.isOn) return true;
    return false;
  }

  recordingsOf(address: string): readonly Recording[] {
    return [...this.#running.values()].filter((recording) => recording.isFor(address));
  }

  async start(choice: RecordingChoice): Promise<RecordingSummary> {
    const { clock, log, random, formats, folder, bounds = DEFAULT_BOUNDS } = this.#parts;
    if (formats === null) throw unavailable();
    checkChoice(choice);
    if (this.#running.size >= MAX_RUNNING) {
      throw new GatewayError(
        'too-many-results',
        { limit: MAX_RUNNING },
        `${MAX_RUNNING} recordings go on already; stop one of them.`,
      );
    }
    const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '');
    const id = `${day}-${Buffer.from(random(4)).toString('hex')}`;
    const recording = new Recording({
      ...{ id, choice, clock, log, formats },
      folder: join(folder, id),
      bounds: { ...bounds, minutes: choice.minutes },
      secret: random(32),
      onEnd: () => this.#running.delete(id),
    });
    await recording.open();
    this.#running.set(id, recording);
    const { address, device, minutes, withContents } = choice;
    const fields = { security: true, ...whoActs(), recording: id, user: address, device, minutes, withContents };
    if (withContents)
      log.warn(fields, 'recording started WITH CONTENTS: everything this person reads and writes is kept');
    else log.info(fields, 'recording started');
    return recording.summary();
  }

  async list(): Promise<readonly RecordingSummary[]> {
    const found = await Promise.all((await this.#ids()).map((id) => this.#summary(id)));
    return found.filter((summary) => summary !== null).sort((a, b) => b.startedAt - a.startedAt);
  }

  async stop(id: string): Promise<RecordingSummary> {
    const running = this.#running.get(id);
    await running?.end('stopped');
    const summary = running?.summary() ?? (await this.#summary(id));
    if (summary === null) throw notFound(id);
    return summary;
  }

  async remove(id: string): Promise<void> {
    const { address } = await this.stop(id);
    await rm(join(this.#parts.folder, id), { recursive: true });
    this.#parts.log.info({ security: true, ...whoActs(), recording: id, user: address }, 'recording removed');
  }

  async files(id: string): Promise<readonly RecordingFile[]> {
    if ((await this.#summary(id)) === null) throw notFound(id);
    const folder = join(this.#parts.folder, id);
    const names = (await readdir(folder)).filter((name) => FILE.test(name)).sort();
    return Promise.all(names.map(async (name) => ({ name, size: (await stat(join(folder, name))).size })));
  }

  async read(id: string, name: string, start: number, end: number): Promise<Uint8Array> {
    // Names come from outside: nothing else in the data folder may be reached.
    if (!ID.test(id) || !FILE.test(name)) throw notFound(`${id}/${name}`);
    const file = await open(join(this.#parts.folder, id, name)).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? notFound(`${id}/${name}`) : error;
    });
    try {
      const buffer = Buffer.alloc(Math.max(0, Math.min(end - start, 4 * 1024 * 1024)));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  async expire(): Promise<number> {
    const before = this.#parts.clock.now() - KEEP_DAYS * DAY_MS;
    const old = (await this.list()).filter(
      ({ id, endedAt, endsAt }) => !this.#running.has(id) && (endedAt ?? endsAt) < before,
    );
    for (const { id } of old) await rm(join(this.#parts.folder, id), { recursive: true, force: true });
    return old.length;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map((recording) => recording.end('server stopped')));
  }

  async #ids(): Promise<string[]> {
    const names = await readdir(this.#parts.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return names.filter((name) => ID.test(name));
  }

  async #summary(id: string): Promise<RecordingSummary | null> {
    const running = this.#running.get(id);
    if (running !== undefined) return running.summary();
    if (!ID.test(id)) return null;
    const text = await readFile(join(this.#parts.folder, id, 'about.yaml'), 'utf8').catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      },
    );
    return text === null ? null : summaryOf(id, parseAbout(text));
  }
}

function summaryOf(id: string, about: ReadonlyMap<string, string>): RecordingSummary {
  const time = (key: string) => Date.parse(about.get(key) ?? '') || 0;
  const number = (key: string) => Number(about.get(key) ?? 0);
  return {
    id,
    address: about.get('user') ?? '',
    device: about.get('device') ?? null,
    withContents: about.get('contents') !== 'masked',
    startedAt: time('started'),
    endsAt: time('ends'),
    // Without an end the server was killed while it recorded.
    endedAt: time('ended') || time('ends'),
    reason: about.get('reason') ?? 'interrupted',
    ...{ exchanges: number('exchanges'), bytes: number('bytes'), unanswered: number('unanswered') },
  };
}

function checkChoice({ minutes }: RecordingChoice): void {
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= MAX_MINUTES) return;
  const reason = `A recording lasts 1 to ${MAX_MINUTES} minutes, not ${minutes}.`;
  throw new GatewayError('object-invalid', { reason }, reason);
}

function notFound(id: string): GatewayError {
  return new GatewayError(
    'item-not-found',
    { item: id },
    `There is no recording ${id}; "record list" shows which are.`,
  );
}

function unavailable(): GatewayError {
  const reason = 'no server runs on this data folder';
  return new GatewayError('store-unavailable', { reason }, `Nothing can be recorded: ${reason}. Start it first.`);
}

/** Who asked for it, as the log tells it: `cli` for the command line. */
function whoActs(): { readonly who: string; readonly address: string | null } {
  const { user, address } = acting();
  return { who: user, address };
}
