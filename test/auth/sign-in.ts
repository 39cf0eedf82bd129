import { appPasswordDigest, makeAppPassword } from '../../src/auth/app-password-secret.ts';
import { type AuthenticatorSettings, createAuthenticator } from '../../src/auth/authenticator.ts';
import { type HashCost, hashPassword, verifyPassword } from '../../src/auth/password-hash.ts';
import type { SignInResult } from '../../src/auth/sign-in-result.ts';
import { CLIENT_ORIGIN } from '../../src/domain/mailbox.ts';
import type { Log } from '../../src/observe/log.ts';
import type { User } from '../../src/store/directory-store.ts';
import { createMemoryStores } from '../../src/store/memory/open.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { seededRandom } from '../support/random.ts';

/** Cheap, so that tests hash quickly; the default cost has its own test. */
export const CHEAP: HashCost = { memoryKiB: 8, passes: 1, lanes: 1 };

export interface LogLine {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** An authenticator over a memory directory, with a counter of password checks and the log lines. */
export function signInBench(settings: Partial<AuthenticatorSettings> = {}) {
  const clock = fakeClock();
  const random = seededRandom(5).bytes;
  const { directory, signIns, mailboxes, syncState } = createMemoryStores({ clock, random, publish() {} });
  const lines: LogLine[] = [];
  const write = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ level, fields, message });
  };
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const bench = { checks: 0, hold: Promise.resolve() };
  const authenticator = createAuthenticator({
    directory,
    appPasswords: syncState,
    clock,
    random,
    log,
    settings: { cost: CHEAP, ...settings },
    async verify(password, phc) {
      bench.checks += 1;
      await bench.hold;
      return verifyPassword(password, phc);
    },
  });

  async function addUser(address: string, password: string, cost: HashCost = CHEAP): Promise<User> {
    const [localPart = '', domain = ''] = address.split('@');
    const passwordHash = await hashPassword(password, random, cost);
    return directory.addUser({ localPart, domain, displayName: null, role: null, mailboxId: 1, passwordHash });
  }

  /** Signs in with UTF-8 credentials from 192.0.2.1 unless told otherwise. */
  function signIn(name: string, password: string, from: { address?: string; agent?: string; tls?: boolean } = {}) {
    return send(Buffer.from(`${name}:${password}`, 'utf8'), from);
  }

  function send(
    credentials: Buffer,
    from: { address?: string; agent?: string; tls?: boolean } = {},
  ): Promise<SignInResult> {
    return authenticator.authenticate({
      authorization: `Basic ${credentials.toString('base64')}`,
      remoteAddress: from.address ?? '192.0.2.1',
      userAgent: from.agent ?? 'phone',
      tls: from.tls ?? true,
    });
  }

  /** An app password of the user, whose mailbox is made with it. */
  async function addAppPassword(user: User): Promise<string> {
    await mailboxes.createMailbox();
    const password = makeAppPassword(random);
    const entry = { id: 'p1', digest: appPasswordDigest(password)!, label: 'phone', protocols: null, createdAt: 1 };
    const unused = { createdBy: 'ann', device: null, lastUsedAt: null, lastUsedFrom: null, revokedAt: null };
    await syncState.write(user.mailboxId, CLIENT_ORIGIN, (tx) => tx.putAppPassword({ ...entry, ...unused }));
    return password;
  }

  return {
    authenticator,
    directory,
    signIns,
    random,
    log,
    syncState,
    addAppPassword,
    clock,
    lines,
    bench,
    addUser,
    signIn,
    send,
  };
}

/** Who was signed in, or what came instead. */
export function outcome(result: SignInResult): string {
  if (result.kind === 'ok') return `${result.principal.localPart}@${result.principal.domain}`;
  return result.kind === 'unauthenticated' ? result.reason : result.kind;
}
