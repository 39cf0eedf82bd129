import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_MINUTES, MAX_MINUTES, type RecordingFile } from '../../recorder/recorder.ts';
import type { RecordingSummary } from '../../recorder/recording-types.ts';
import type { Administration } from '../administration.ts';
import type { Command } from './command.ts';
import { writeRows } from './rows.ts';
import { UsageError } from './terminal.ts';
import { oneAddress } from './user-commands.ts';

const CHUNK_BYTES = 1024 * 1024;

export const recordStart: Command = {
  words: ['record', 'start'],
  usage: 'ADDRESS [--device ID] [--minutes N] [--with-contents]',
  summary: "record a user's exchanges with the server",
  help: `Keeps every request of this user and its answer, of all programs and protocols, until the time is over, for looking at what
goes wrong and for "causeway replay". Prints the number of the recording. Passwords and cookies are never kept; what people
wrote (subjects, texts, names, addresses, files) is replaced by stand-ins of the same length. It ends earlier when it has
2000 exchanges or 64 MiB, or when the server stops, and vanishes after seven days.

  --device ID      only the device with this id ("device list" shows it), or programs whose User-Agent contains this
  --minutes N      how long, 1 to ${MAX_MINUTES} (default ${DEFAULT_MINUTES})
  --with-contents  keep what people wrote as it is. Whoever reads the recording reads their mail: ask them before. The
                   server's log tells that it was done

Examples:
  causeway record start ann@example.org
  causeway record start ann@example.org --device ApplDNPG1234 --minutes 120`,
  prepare(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        device: { type: 'string' },
        minutes: { type: 'string' },
        'with-contents': { type: 'boolean' },
      },
      allowPositionals: true,
    });
    const address = oneAddress(positionals);
    const minutes = Number(values.minutes ?? DEFAULT_MINUTES);
    if (!Number.isInteger(minutes)) throw new UsageError('--minutes takes a whole number.');
    if (values.device === '') throw new UsageError('--device names no device.');
    const withContents = values['with-contents'] === true;
    return async ({ administration, terminal }) => {
      const device = values.device ?? null;
      const started = await administration.recordStart({ address, device, minutes, withContents });
      terminal.out(`${started.id}\n`);
      const until = new Date(started.endsAt).toISOString().slice(0, 16).replace('T', ' ');
      terminal.err(`recording ${address} until ${until} UTC\n`);
      if (withContents) {
        terminal.err(
          'WITH CONTENTS: mail, events and contacts are kept as they are. Remove the recording when it was looked at.\n',
        );
      }
      return 0;
    };
  },
};

export const recordList: Command = {
  words: ['record', 'list'],
  usage: '[--json]',
  summary: 'list recordings',
  help: `One recording a line: number, user, device, when it began, how many exchanges and bytes, and whether it goes on or why it
ended. "CONTENTS" stands behind those that keep what people wrote.

  --json  an array of objects instead

Example:
  causeway record list`,
  prepare(args) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
    return async ({ administration, terminal }) => {
      const recordings = await administration.recordList();
      if (values.json) terminal.out(`${JSON.stringify(recordings, null, 2)}\n`);
      else writeRows(terminal, COLUMNS, recordings.map(cellsOf));
      return 0;
    };
  },
};

const COLUMNS = ['number', 'user', 'device', 'began', 'exchanges', 'size', 'state'];

function cellsOf(recording: RecordingSummary): readonly string[] {
  const began = new Date(recording.startedAt).toISOString().slice(0, 16).replace('T', ' ');
  const { id, address, device, exchanges, bytes, reason, withContents } = recording;
  const state = reason === null ? 'recording' : `ended: ${reason}`;
  const parts = [id, address, device ?? '-', began, `${exchanges} exchanges`, `${bytes} bytes`, state];
  return [...parts, ...(withContents ? ['CONTENTS'] : [])];
}

export const recordStop: Command = {
  words: ['record', 'stop'],
  usage: 'ID',
  summary: 'end a recording',
  help: `Ends the recording; what it has stays. A request that still waits for its answer is not kept.

Example:
  causeway record stop 20260601-1a2b3c4d`,
  prepare(args) {
    const id = oneId(args);
    return async ({ administration, terminal }) => {
      const { exchanges } = await administration.recordStop({ id });
      terminal.out(`stopped ${id}: ${exchanges} exchanges\n`);
      return 0;
    };
  },
};

export const recordSave: Command = {
  words: ['record', 'save'],
  usage: 'ID --to DIR',
  summary: 'copy a recording into a folder',
  help: `Writes the recording as it is now: about.yaml, and for each exchange NNN.request and NNN.response, with NNN.request.xml and
NNN.response.xml beside bodies that people cannot read. captures/README.md tells the format.

  --to DIR  where to write; it must be empty or not exist yet

Example:
  causeway record save 20260601-1a2b3c4d --to ann-sync`,
  prepare(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { to: { type: 'string' } },
      allowPositionals: true,
    });
    const id = oneOf(positionals);
    const directory = values.to;
    if (directory === undefined || directory === '') throw new UsageError('Say with --to DIR where to write.');
    return async ({ administration, terminal }) => {
      const files = await administration.recordFiles({ id });
      await mkdir(directory, { recursive: true, mode: 0o700 });
      if ((await readdir(directory)).length > 0) {
        throw new UsageError(`${directory} is not empty; name an empty folder, or one that does not exist yet.`);
      }
      for (const file of files) await saveFile(administration, id, file, directory);
      terminal.out(`saved ${files.length} files to ${directory}\n`);
      return 0;
    };
  },
};

async function saveFile(administration: Administration, id: string, { name, size }: RecordingFile, directory: string) {
  const file = await open(join(directory, name), 'wx', 0o600);
  try {
    for (let start = 0; start < size; start += CHUNK_BYTES) {
      const end = Math.min(size, start + CHUNK_BYTES);
      await file.writeFile(await administration.recordRead({ id, name, start, end }));
    }
  } finally {
    await file.close();
  }
}

export const recordRemove: Command = {
  words: ['record', 'remove'],
  usage: 'ID',
  summary: 'remove a recording',
  help: `Ends the recording where it goes on, and removes what it has.

Example:
  causeway record remove 20260601-1a2b3c4d`,
  prepare(args) {
    const id = oneId(args);
    return async ({ administration, terminal }) => {
      await administration.recordRemove({ id });
      terminal.out(`removed ${id}\n`);
      return 0;
    };
  },
};

function oneId(args: readonly string[]): string {
  return oneOf(parseArgs({ args: [...args], options: {}, allowPositionals: true }).positionals);
}

function oneOf(positionals: readonly string[]): string {
  const [id] = positionals;
  if (id === undefined || positionals.length > 1) {
    throw new UsageError('Name one recording; "record list" shows which there are.');
  }
  return id;
}
