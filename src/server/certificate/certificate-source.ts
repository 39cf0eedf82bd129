import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { readTlsFiles } from '../../config/tls-files.ts';
import type { Clock, RandomBytes } from '../../domain/clock.ts';
import type { Log } from '../../observe/log.ts';
import { createSelfSigned, DAY_MS, type KeyPairPem } from './self-signed.ts';

/** A pair that TLS can be served with. */
export interface LoadedCertificate extends KeyPairPem {
  /** SHA-256 of the certificate, colon-separated: what a phone shows before it trusts. */
  readonly fingerprint: string;
  readonly expiresAt: number;
  /** Whether Causeway made it. */
  readonly own: boolean;
}

/** Gives the certificate, again and again: files may change and own ones run out. */
export interface CertificateSource {
  /** Loads, or makes, what is to be served now. Rejects with a message for a person when it cannot be used. */
  load(): Promise<LoadedCertificate>;
}

/** An own certificate is replaced when it has less left than this. */
const RENEW_BEFORE_MS = 30 * DAY_MS;

function examine(pair: KeyPairPem, own: boolean): LoadedCertificate {
  // Throws when the key is not the certificate's, needs a passphrase, or either is not PEM.
  createSecureContext({ cert: pair.cert, key: pair.key });
  const parsed = new X509Certificate(pair.cert);
  return { ...pair, own, fingerprint: parsed.fingerprint256, expiresAt: parsed.validToDate.getTime() };
}

/** A certificate that somebody else keeps: read from its files at each load. */
export function certificateFromFiles(files: { cert: string; key: string }, clock: Clock, log: Log): CertificateSource {
  return {
    async load() {
      const pair = readTlsFiles(files);
      let loaded: LoadedCertificate;
      try {
        loaded = examine(pair, false);
      } catch (error) {
        throw new Error(`${files.cert} and ${files.key} cannot be used: ${(error as Error).message}`, { cause: error });
      }
      const daysLeft = Math.floor((loaded.expiresAt - clock.now()) / DAY_MS);
      if (daysLeft < 14) {
        const state = daysLeft < 0 ? 'has expired' : 'expires soon';
        log.warn({ cert: files.cert, daysLeft }, `the certificate ${state}: replace the file, then send SIGHUP`);
      }
      return loaded;
    },
  };
}

async function readPair(folder: string): Promise<KeyPairPem | null> {
  try {
    const [cert, key] = await Promise.all([
      readFile(join(folder, 'certificate.pem'), 'utf8'),
      readFile(join(folder, 'key.pem'), 'utf8'),
    ]);
    return { cert, key };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function writePrivate(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600, flush: true });
  await chmod(`${path}.new`, 0o600);
  await rename(`${path}.new`, path);
}

function names(cert: string): ReadonlySet<string> {
  const text = new X509Certificate(cert).subjectAltName ?? '';
  return new Set(text.split(', ').map((entry) => canonical(entry.replace(/^(DNS|IP Address):/, ''))));
}

// Node prints IPv6 addresses in a long form of its own; the URL parser brings both to the same one.
function canonical(name: string): string {
  return name.includes(':') ? new URL(`http://[${name.split('%')[0]}]/`).hostname : name;
}

/** Everything that making and keeping an own certificate needs. */
export interface OwnCertificateOptions {
  /** Holds certificate.pem and key.pem; created with mode 0700. */
  readonly folder: string;
  readonly names: readonly string[];
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Log;
}

/**
 * A certificate that Causeway makes and keeps in the data folder. A new one is made only when there is none or it has
 * less than 30 days left. A changed name is told but changes nothing: every device that was told to trust the present
 * certificate would have to be told again.
 */
export function ownCertificate(options: OwnCertificateOptions): CertificateSource {
  const { folder, clock, random, log } = options;
  async function make(reason: string): Promise<LoadedCertificate> {
    const pair = await createSelfSigned(options.names, clock.now(), random);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // The key first: a crash in between leaves a pair that does not match, which load() replaces.
    await writePrivate(join(folder, 'key.pem'), pair.key);
    await writePrivate(join(folder, 'certificate.pem'), pair.cert);
    const made = examine(pair, true);
    log.info({ names: options.names, fingerprint: made.fingerprint, reason }, 'made a certificate');
    return made;
  }
  return {
    async load() {
      const pair = await readPair(folder);
      if (!pair) return make('there was none');
      let loaded: LoadedCertificate;
      try {
        loaded = examine(pair, true);
      } catch (error) {
        return make(`the one in ${folder} cannot be used: ${(error as Error).message}`);
      }
      if (loaded.expiresAt - clock.now() < RENEW_BEFORE_MS) return make('the present one expires within 30 days');
      const present = names(loaded.cert);
      const missing = options.names.filter((name) => !present.has(canonical(name)));
      if (missing.length > 0) {
        log.warn(
          { missing, folder },
          'the certificate lacks names of this machine; remove its folder and restart to make a new one',
        );
      }
      return loaded;
    },
  };
}
