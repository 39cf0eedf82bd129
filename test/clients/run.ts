/**
 * Drives calendar and contact programs that we did not write, and a scripted phone that we did, against a gateway started as a user starts it:
 * `npm run test:clients -- [--record] [NAME…]`, where a name is one of CLIENTS. With `--record` every exchange is kept
 * under `captures/`, where `npm test` replays it. Driving scripts that are not ours are read from `../shared/clients`.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { providerVersion } from './eas4tbsync/add-on.ts';
import { PHONE_SCENARIOS } from './phone/scenarios.ts';
import { addUser, finished, startRecorder, startServer } from './processes.ts';

const SCRIPTS = '../shared/clients';
const SAMPLES = '../shared/data';
const USER = { address: 'user01@example.com', password: 'correct horse 01' };
/** Whom the user writes to. */
const OTHER = { address: 'user02@example.com', password: 'correct horse 02' };
const OURS = 'written by us from the specification; no request here comes from a real phone';
const TBSYNC =
  "Debian's webext-eas4tbsync and webext-tbsync, loaded into its Thunderbird 153.7.0; contents made up by us";

interface Client {
  readonly name: string;
  /** Ends by printing `N passed, M failed, K skipped`. */
  readonly script: string;
  readonly words?: readonly string[];
  readonly version: () => string;
  readonly environment: (root: string) => Record<string, string>;
  /** Further flags of the gateway. */
  readonly flags?: (data: string) => readonly string[];
  /** Where its exchanges are kept, below `captures`; null for a client that is not recorded. */
  readonly folder?: string | null;
  /** The first lines of `about.yaml`, in place of the client's name. */
  readonly about?: readonly string[];
}

const CLIENTS: readonly Client[] = [
  {
    name: 'vdirsyncer',
    script: `${SCRIPTS}/run-vdirsyncer`,
    version: () => firstVersion('vdirsyncer', ['--version']),
    environment: (root) => ({
      DAV_URL: `${root}/`,
      DAV_CAL: 'Calendar',
      DAV_BOOK: 'Contacts',
      DAV_MANY: recording ? '3' : '100',
    }),
  },
  {
    name: 'evolution-data-server',
    script: `${SCRIPTS}/run-eds`,
    version: () => firstVersion('dpkg-query', ['-W', 'evolution-data-server']),
    environment: () => ({}),
  },
  {
    name: 'thunderbird',
    script: `${SCRIPTS}/run-thunderbird`,
    version: () => firstVersion('thunderbird', ['--version']),
    environment: () => ({}),
  },
  {
    name: 'python-caldav',
    script: 'test/clients/drive-python-caldav.py',
    version: () => firstVersion('dpkg-query', ['-W', 'python3-caldav']),
    environment: (root) => ({ DAV_URL: `${root}/` }),
  },
  {
    name: 'cadaver',
    script: 'test/clients/drive-cadaver.py',
    version: () => firstVersion('dpkg-query', ['-W', 'cadaver']),
    environment: () => ({}),
  },
  {
    name: 'eas4tbsync',
    script: 'test/clients/eas4tbsync.ts',
    version: providerVersion,
    environment: () => ({ MANY: recording ? '55' : '200' }),
    about: ['client: EAS-4-TbSync', `origin: ${TBSYNC}`],
  },
  {
    name: 'eas4tbsync-managed',
    script: 'test/clients/eas4tbsync.ts',
    words: ['managed'],
    version: providerVersion,
    environment: () => ({}),
    folder: null,
  },
  ...PHONE_SCENARIOS.flatMap(({ name, versions }) =>
    versions.map((version) => ({
      name: `activesync-${version}-${name}`,
      script: 'test/clients/phone.ts',
      words: [name, version],
      version: () => version,
      environment: () => ({}),
      folder: `activesync-${version}/${name}`,
      about: ['client: scripted phone', `origin: ${OURS}`],
    })),
  ),
  {
    name: 'wipe',
    script: 'test/clients/wipe.ts',
    version: () => firstVersion('vdirsyncer', ['--version']),
    environment: () => ({}),
    folder: null,
  },
  {
    name: 'day',
    script: 'test/clients/day.ts',
    version: () => firstVersion('dpkg-query', ['-W', 'python3-caldav']),
    environment: (root) => ({ DAV_URL: `${root}/` }),
    flags: (data) => ['--listen', 'https://127.0.0.1:0', '--lmtp-listen', `unix:${lmtpSocket(data)}`],
    folder: null,
  },
];

const chosen = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const recording = process.argv.includes('--record');
const totals = { passed: 0, failed: 0, skipped: 0 };

const unknown = chosen.filter((word) => !CLIENTS.some(({ name }) => name === word));
if (unknown.length > 0) {
  console.log(`No client is called ${unknown.join(', ')}. There are: ${CLIENTS.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
if (!recording && chosen.length === 0) {
  if (existsSync(SAMPLES)) await importSamples();
  else skip(`import of ${SAMPLES}`, 'the folder is missing');
}
for (const client of CLIENTS.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
  if (recording && client.folder === null) continue;
  if (existsSync(client.script)) await drive(client);
  else skip(client.name, `${client.script} is missing`);
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
// Where changes land nothing may be left out; elsewhere what is missing is named above.
const tooFew = totals.passed === 0 || (totals.skipped > 0 && process.env.CI !== undefined);
process.exit(totals.failed > 0 || tooFew ? 1 : 0);

/** Everything in the sample folder goes through the command line into a mailbox: what is refused is named, the rest is in. */
async function importSamples(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'causeway-samples-'));
  const server = await startServer(data, USER);
  const result = causeway(data, ['import', USER.address, SAMPLES]);
  console.log(result.stdout + result.stderr);
  // 1 = some refused: the samples hold broken files on purpose.
  count(result.status === 1, `import of ${SAMPLES} with refusals named (exit code ${result.status})`);
  const check = causeway(data, ['check']);
  count(
    check.status === 0,
    `check after the import (exit code ${check.status})${check.status === 0 ? '' : check.stdout}`,
  );
  await stop(server.process);
  rmSync(data, { recursive: true, force: true });
}

async function drive(client: Client): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'causeway-clients-'));
  const server = await startServer(data, USER, client.flags?.(data));
  addUser(data, OTHER);
  const folder = join('captures', client.folder ?? defaultFolder(client));
  const recorder = recording ? await startRecorder(server.url, folder) : null;
  const root = recorder?.url ?? server.url;
  const home = `example.com/user01`;
  console.log(`== ${client.name} ${client.version()}`);
  const isOurs = client.script.endsWith('.ts');
  const run = spawn(
    isOurs ? process.execPath : client.script,
    [...(isOurs ? [client.script] : []), ...(client.words ?? [])],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        // The scripts want the distribution's Python, which has its bindings.
        PATH: `/usr/bin:/bin:${process.env.PATH}`,
        ROOT_URL: root,
        // Past the recorder: for a look at what a replay cannot compare, such as names that the gateway makes up.
        DIRECT_URL: server.url,
        SECURE_URL: server.urls.find((url) => url.startsWith('https:')) ?? '',
        DATA: data,
        LMTP_SOCKET: lmtpSocket(data),
        OTHER_ADDRESS: OTHER.address,
        OTHER_PASSWORD: OTHER.password,
        DAV_USER: 'user01',
        DAV_PASSWORD: USER.password,
        DAV_CAL_URL: `${root}/calendars/${home}/Calendar/`,
        DAV_TODO_URL: `${root}/calendars/${home}/Tasks/`,
        DAV_BOOK_URL: `${root}/addressbooks/${home}/Contacts/`,
        ...client.environment(root),
      },
    },
  );
  const output = await finished(run);
  console.log(output);
  const counts = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/u.exec(output);
  totals.passed += Number(counts?.[1] ?? 0);
  totals.failed += Number(counts?.[2] ?? 1);
  totals.skipped += Number(counts?.[3] ?? 0);
  if (recorder) {
    writeAbout(folder, client);
    await stop(recorder.process);
  }
  await stop(server.process);
  rmSync(data, { recursive: true, force: true });
}

function defaultFolder(client: Client): string {
  const scenario = parse(client.script).name.replace(/^(?:run|drive)-/u, '');
  return join(`${client.name}-${recording ? client.version() : ''}`, scenario);
}

function lmtpSocket(data: string): string {
  return join(data, 'lmtp');
}

function writeAbout(folder: string, client: Client): void {
  const lines = [
    ...(client.about ?? [`client: ${client.name}`]),
    `version: "${client.version()}"`,
    `recorded: ${new Date().toISOString().slice(0, 10)}`,
    'source: recorded on the wire by test/clients/record.ts while the client was driven headless',
    'server: Causeway, fresh mailbox of user01@example.com, host name gateway.example',
    'user: user01',
    'mailboxes: user01@example.com user02@example.com',
    'expected: every answer as recorded, after mapping ETags, sync tokens and dates',
    'redacted: credentials (REDACTED), the server address (gateway.example), hop-by-hop and length headers',
  ];
  writeFileSync(join(folder, 'about.yaml'), `${lines.join('\n')}\n`);
}

function causeway(data: string, words: readonly string[]) {
  return spawnSync(process.execPath, ['src/cli.ts', '--data', data, ...words], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
}

function count(passed: boolean, title: string): void {
  console.log(`${passed ? 'ok   ' : 'FAIL '} ${title}`);
  totals[passed ? 'passed' : 'failed']++;
}

function skip(title: string, reason: string): void {
  console.log(`skip  ${title} (${reason})`);
  totals.skipped++;
}

function firstVersion(command: string, words: readonly string[]): string {
  const output = spawnSync(command, words, { encoding: 'utf8' }).stdout ?? '';
  return /\d+(?:\.\d+)+/u.exec(output)?.[0] ?? 'unknown';
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await finished(child);
}
