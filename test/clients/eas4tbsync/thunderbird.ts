import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const STARTED_WITHIN_MS = 120_000;
const SCRIPT_MS = 60_000;

/** What keeps a fresh profile from asking and from calling anybody but the gateway. */
const PREFERENCES: Readonly<Record<string, string | number | boolean>> = {
  'app.update.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
  'mail.provider.enabled': false,
  'mail.spotlight.firstRunDone': true,
  'mailnews.start_page.enabled': false,
  'mail.rights.version': 1,
  'network.proxy.type': 0,
  'app.donation.eoy.version.viewed': 999,
  'mail.shell.checkDefaultClient': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'calendar.timezone.local': 'Europe/Berlin',
  'calendar.timezone.useSystemTimezone': false,
};

/** Thunderbird without a screen, in a profile of its own, driven through its Marionette port in the chrome context. */
export class Thunderbird {
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #socket: Socket;
  #buffer = Buffer.alloc(0);
  #sequence = 0;
  #waiting: PromiseWithResolvers<unknown>[] = [];

  private constructor(folder: string, process: ChildProcess, socket: Socket) {
    this.#folder = folder;
    this.#process = process;
    this.#socket = socket;
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('close', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('Thunderbird ended'));
    });
  }

  /** @throws Error with what it printed when it does not open its port */
  static async start(): Promise<Thunderbird> {
    const folder = mkdtempSync(join(tmpdir(), 'causeway-thunderbird-'));
    const profile = join(folder, 'profile');
    mkdirSync(profile);
    const port = 30_000 + (process.pid % 10_000);
    const preferences = Object.entries({ ...PREFERENCES, 'marionette.port': port });
    writeFileSync(
      join(profile, 'user.js'),
      preferences.map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(''),
    );
    const words = ['--headless', '--marionette', '--remote-allow-system-access', '--no-remote', '--profile', profile];
    const child = spawn('thunderbird', words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...withoutProxies(), HOME: folder, MOZ_HEADLESS: '1', MOZ_CRASHREPORTER_DISABLE: '1' },
    });
    let printed = '';
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (printed += String(chunk)));
    const socket = await connected(port, child);
    if (socket === null) {
      rmSync(folder, { recursive: true, force: true });
      throw new Error(`Thunderbird did not open its port:\n${printed.slice(-2_000)}`);
    }
    const self = new Thunderbird(folder, child, socket);
    await self.#answer();
    await self.#call('WebDriver:NewSession', {});
    await self.#call('Marionette:SetContext', { value: 'chrome' });
    await self.#windowReady();
    await self.#call('WebDriver:SetTimeouts', { script: SCRIPT_MS });
    return self;
  }

  /** Runs the body of an async function whose arguments are `given`; gives what it returns, by way of JSON. */
  async run(body: string, ...given: readonly unknown[]): Promise<unknown> {
    const script = `const done = arguments[arguments.length - 1]; const given = [...arguments].slice(0, -1);
      (async () => { ${body} })().then(
        (value) => done(JSON.stringify({ value })),
        (error) => done(JSON.stringify({ error: String(error) + '\\n' + (error && error.stack) })));`;
    const result = await this.#call('WebDriver:ExecuteAsyncScript', {
      script,
      args: given,
      newSandbox: false,
      sandbox: 'system',
    });
    const { value, error } = JSON.parse((result as { value: string }).value) as { value?: unknown; error?: string };
    if (error !== undefined) throw new Error(`in Thunderbird: ${error}`);
    return value;
  }

  /** A script that begins before the main window is there may be lost with the window in which it began. */
  async #windowReady(): Promise<void> {
    await this.#call('WebDriver:SetTimeouts', { script: 2_000 });
    const question = `const window = Services.wm.getMostRecentWindow('mail:3pane');
      return window?.gMailInit?.delayedStartupFinished === true`;
    for (let tries = 0; tries < 30; tries += 1) {
      const isReady = await this.run(question).catch(() => false);
      if (isReady === true) return;
      await pause(500);
    }
    throw new Error('Thunderbird did not open its window');
  }

  async stop(): Promise<void> {
    this.#socket.destroy();
    const closed = new Promise((resolve) => this.#process.on('close', resolve));
    // It starts processes of its own, which belong to its group.
    if (this.#process.exitCode === null) process.kill(-this.#process.pid!, 'SIGKILL');
    await closed;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #call(name: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
    const message = Buffer.from(JSON.stringify([0, ++this.#sequence, name, parameters]));
    this.#socket.write(Buffer.concat([Buffer.from(`${message.length}:`), message]));
    const [, , error, result] = (await this.#answer()) as [number, number, { message?: string } | null, unknown];
    if (error !== null) throw new Error(`${name}: ${error.message}`);
    return result;
  }

  #answer(): Promise<unknown> {
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  /** Messages are `LENGTH:JSON`. */
  #take(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const colon = this.#buffer.indexOf(':');
      if (colon < 0) return;
      const end = colon + 1 + Number(this.#buffer.toString('latin1', 0, colon));
      if (this.#buffer.length < end) return;
      const message = JSON.parse(this.#buffer.toString('utf8', colon + 1, end)) as unknown;
      this.#buffer = this.#buffer.subarray(end);
      this.#waiting.shift()?.resolve(message);
    }
  }
}

function withoutProxies(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/_proxy$/iu.test(name)));
}

async function connected(port: number, child: ChildProcess): Promise<Socket | null> {
  for (const end = Date.now() + STARTED_WITHIN_MS; Date.now() < end && child.exitCode === null; ) {
    const socket = await tried(port);
    if (socket !== null) return socket;
    await pause(300);
  }
  return null;
}

function tried(port: number): Promise<Socket | null> {
  const { promise, resolve } = Promise.withResolvers<Socket | null>();
  const socket = connect(port, '127.0.0.1', () => resolve(socket));
  socket.once('error', () => resolve(null));
  return promise;
}
