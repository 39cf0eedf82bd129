import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { parseRelayUrl } from '../../src/config/relay-url.ts';
import { createSmtpRelay } from '../../src/mail/smtp-relay.ts';
import { SILENT_LOG } from '../../src/observe/log.ts';

/** A message as the server got it, one character per byte. */
export interface Taken {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly args: unknown;
}

/** An SMTP server that takes everything, unless told otherwise. */
export async function openServer(t: TestContext, options: SMTPServerOptions = {}) {
  const taken: Taken[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    hideENHANCEDSTATUSCODES: true,
    closeTimeout: 1,
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', () => undefined);
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        const args = mailFrom === false ? null : mailFrom.args;
        taken.push({
          from,
          args,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString('latin1'),
        });
        callback();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  t.after(() => new Promise<void>((resolve) => server.close(resolve)));
  return { taken, port };
}

/** The relay at this address. */
export function relayTo(t: TestContext, url: string, allowInvalidCertificate = false) {
  const relay = createSmtpRelay({
    address: parseRelayUrl(url),
    hostName: 'gate.example.org',
    allowInvalidCertificate,
    log: SILENT_LOG,
  });
  t.after(() => relay.close());
  return relay;
}

/** Verdicts in short. */
export const kinds = (verdicts: ReadonlyMap<string, { kind: string; status?: string }>) =>
  [...verdicts].map(([address, { kind, status }]) =>
    status === undefined ? [address, kind] : [address, kind, status],
  );
