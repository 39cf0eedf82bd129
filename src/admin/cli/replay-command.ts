import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type About, readAbout } from '../../recorder/about.ts';
import { readExchanges } from '../../recorder/capture.ts';
import { replay } from '../../recorder/replay/replay.ts';
import type { ReplayServer } from '../../recorder/replay/wire-client.ts';
import type { WireFormat } from '../../recorder/wire-format.ts';
import type { StandaloneCommand, StandaloneContext } from './command.ts';
import { readLine, type Terminal, UsageError } from './terminal.ts';

/** What replaying needs of the rest of the program. */
export interface ReplayServices {
  readonly formats: readonly WireFormat[];
  /** Starts a server of its own, with these mailboxes, all with this password; nothing is left of it when it is closed. */
  startFresh(mailboxes: readonly string[], password: string): Promise<{ readonly url: URL; close(): Promise<void> }>;
}

export const replayCommand: StandaloneCommand = {
  standsAlone: true,
  words: ['replay'],
  usage: 'DIR [--to URL [--user NAME] --password-stdin [--insecure]] [--all]',
  summary: 'send a recording again and compare the answers',
  help: `DIR is a capture, or a recording as "record save" wrote it. Its requests are sent in order, with the keys, ids and ETags that
this server makes in place of the recorded ones, and each answer is compared. One line for each answer that differs: number,
request, and the first difference. Where what people wrote was masked, it only has to be there.

Without --to a server of its own is started in a folder of its own, with empty mailboxes, and removed afterwards. A recording
that begins in the middle of things finds nothing there of what came before: record from the moment on at which the device is
removed ("device remove") or the account is set up, so that everything it needs is in it.

  --to URL          send to this server; its mailbox must be empty, and is written to
  --user NAME       who signs in there (default: as recorded; paths of calendars name the recorded mailbox)
  --password-stdin  take the password from the first line of standard input
  --insecure        take any certificate
  --all             every difference, not only the first of an exchange

Exit code 0: all as recorded, 1: something differs, 2: it could not be replayed.

Example:
  causeway replay ann-sync`,
  prepare(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        to: { type: 'string' },
        user: { type: 'string' },
        'password-stdin': { type: 'boolean' },
        insecure: { type: 'boolean' },
        all: { type: 'boolean' },
      },
      allowPositionals: true,
    });
    const [folder] = positionals;
    if (folder === undefined || positionals.length > 1) throw new UsageError('Name one folder.');
    const target = values.to === undefined ? null : { url: urlOf(values.to), isInsecure: values.insecure === true };
    if (target === null && (values.user !== undefined || values['password-stdin'] || values.insecure)) {
      throw new UsageError('--user, --password-stdin and --insecure go with --to.');
    }
    if (target !== null && !values['password-stdin']) {
      throw new UsageError('Give the password with --password-stdin on standard input.');
    }
    if (!existsSync(join(folder, 'about.yaml')))
      throw new UsageError(`${folder} is no recording: it has no about.yaml.`);
    return async (context) => {
      const about = readAbout(folder);
      const run = { folder, about, all: values.all === true };
      if (target === null) return replayFresh(run, context);
      const password = await readLine(context.terminal);
      return replayTo({ ...run, server: target, user: values.user ?? about.user, password }, context);
    };
  },
};

interface ReplayRun {
  readonly folder: string;
  readonly about: About;
  readonly all: boolean;
}

async function replayFresh(run: ReplayRun, context: StandaloneContext) {
  const services = await context.replay();
  const password = Buffer.from(context.random(18)).toString('base64url');
  const fresh = await services.startFresh(run.about.mailboxes, password);
  try {
    return await replayTo({ ...run, server: { url: fresh.url }, user: run.about.user, password }, context);
  } finally {
    await fresh.close();
  }
}

async function replayTo(
  run: ReplayRun & { readonly server: ReplayServer; readonly user: string; readonly password: string },
  { replay: services, terminal }: StandaloneContext,
): Promise<0 | 1> {
  const { server, user, password, about, folder } = run;
  const exchanges = readExchanges(folder);
  if (exchanges.length === 0) throw new UsageError(`${folder} has no exchanges.`);
  const { formats } = await services();
  const mismatches = await replay(exchanges, { server, formats, user, password, isMasked: about.isMasked });
  for (const { number, requestLine, differences } of mismatches) {
    terminal.out(`${number}  ${requestLine}\n`);
    for (const difference of run.all ? differences : differences.slice(0, 1)) tell(terminal, difference);
  }
  const same = exchanges.length - mismatches.length;
  terminal.out(`${same} of ${exchanges.length} answers are as recorded\n`);
  return mismatches.length === 0 ? 0 : 1;
}

/** Whole documents can stand in a difference. */
function tell(terminal: Terminal, difference: string): void {
  for (const line of difference.split('\n'))
    terminal.out(`     ${line.length > 500 ? `${line.slice(0, 500)}…` : line}\n`);
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/u.test(url.protocol)) throw new UsageError('--to takes an http or https URL.');
  return url;
}
