import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A certificate with its chain, and its private key, both PEM. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
// PKCS #8 says it in the label, the older form in a header (RFC 1421 §4.6.1.1).
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};

function read(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = REASONS[code ?? ''] ?? message;
    throw new Error(`${path} cannot be read: ${reason}. Correct ${flag} or the file`, { cause: error });
  }
}

function readChain(path: string, text: string): readonly X509Certificate[] {
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) {
    const hint = PRIVATE_KEY.test(text) ? 'it is a private key: --tls-cert and --tls-key may be swapped' : 'not PEM';
    throw new Error(`${path} holds no certificate (${hint}). Correct --tls-cert or the file`);
  }
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (error) {
    throw new Error(`${path} holds a damaged certificate (${(error as Error).message}). Replace the file`, {
      cause: error,
    });
  }
}

function readKey(path: string, text: string): KeyObject {
  if (ENCRYPTED.test(text)) {
    throw new Error(
      `the key in ${path} needs a passphrase, which nobody could type at each start. ` +
        `Write it without one: openssl pkey -in ${path} -out FILE`,
    );
  }
  if (!PRIVATE_KEY.test(text)) throw new Error(`${path} holds no private key in PEM. Correct --tls-key or the file`);
  try {
    return createPrivateKey(text);
  } catch (error) {
    throw new Error(`${path} holds a damaged key (${(error as Error).message}). Replace the file`, { cause: error });
  }
}

/**
 * Reads the certificate and key that the settings name, and makes sure that they belong together.
 * @throws Error that names the file, the reason and the remedy, without a final full stop
 */
export function readTlsFiles(files: TlsPair): TlsPair {
  const pair = { cert: read('--tls-cert', files.cert), key: read('--tls-key', files.key) };
  const [own, ...issuers] = readChain(files.cert, pair.cert);
  const key = readKey(files.key, pair.key);
  if (own?.checkPrivateKey(key)) return pair;
  // RFC 8446 §4.4.2: the sender's own certificate comes first.
  const remedy = issuers.some((issuer) => issuer.checkPrivateKey(key))
    ? `The server's own certificate must come first in ${files.cert}; put it before the others`
    : 'Give the certificate that was issued for this key';
  throw new Error(`${files.key} is not the key of the certificate in ${files.cert}. ${remedy}`);
}
