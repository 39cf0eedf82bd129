import { BlockList } from 'node:net';
import { parseLmtpAddress } from '../config/lmtp-address.ts';
import { relayAddress } from '../config/relay-password.ts';
import { addRange } from '../config/settings-schema.ts';
import { startAutoReplies } from '../mail/auto-reply/auto-replies.ts';
import { createMailSubmission } from '../mail/create-submission.ts';
import { DeliveryBell } from '../mail/delivery-bell.ts';
import { type LmtpConnection, type LmtpRefusal, type LmtpService, openLmtpService } from '../mail/lmtp/lmtp-service.ts';
import type { MailEvent } from '../mail/mail-log.ts';
import { createOutboxWorker, type OutboxWorker } from '../mail/outbox-worker.ts';
import type { MailServices } from '../mail/services.ts';
import { createSmtpRelay } from '../mail/smtp-relay.ts';
import type { MailSubmission } from '../mail/submission.ts';
import type { BackendParts } from './backend.ts';
import type { OpenStores } from './compose-stores.ts';
import type { OpenServices } from './services/open-services.ts';

/** Everything that moves mail, and is open. */
export interface OpenMail {
  readonly submission: MailSubmission;
  readonly outbox: Pick<OutboxWorker, 'scan'>;
  readonly lmtp: LmtpSwitch;
  /** LMTP first, so that nothing new comes; then what is being sent. */
  close(): Promise<void>;
}

/** LMTP, which can be started and stopped while all else goes on. */
export interface LmtpSwitch {
  /** Rejects when it cannot listen. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Where it listens; null while it is stopped. */
  addresses(): readonly string[] | null;
  connections(): readonly LmtpConnection[];
}

export interface MailComposition {
  readonly services: Pick<OpenServices, 'control' | 'refusals'>;
  readonly refusesGrowth: () => boolean;
  readonly onMail: (event: MailEvent) => void;
}

/** Opens LMTP where the settings say, and takes up what the Outboxes keep. Rejects when it cannot listen. */
export async function openMail(
  { stores }: OpenStores,
  parts: BackendParts,
  { services: { control, refusals }, refusesGrowth, onMail }: MailComposition,
): Promise<OpenMail> {
  const { settings, clock, random, log, hostName } = parts;
  const address = relayAddress(settings.relay);
  const { allowInvalidCertificate } = settings.relay;
  const services: MailServices = {
    syncState: stores.syncState,
    directory: stores.directory,
    ...{ clock, random, log, hostName },
    maxMessageBytes: settings.lmtp.maxMessageBytes,
    onMail,
    refusesGrowth,
    bell: new DeliveryBell(),
    relay: address === null ? null : createSmtpRelay({ address, hostName, allowInvalidCertificate, log }),
  };
  const graceMs = settings.limits.graceSeconds * 1000;
  const allow = new BlockList();
  for (const range of settings.lmtp.allow) addRange(allow, range);
  const addresses = settings.lmtp.listen.map(parseLmtpAddress);
  const refusalOf = lmtpRefusal(control, refusals);
  const lmtp = lmtpSwitch(() => openLmtpService(services, { addresses, allow, graceMs, refusalOf }));
  if (control.termsOf('lmtp').isRunning) await lmtp.start();
  const worker = createOutboxWorker(services);
  const replies = startAutoReplies(services, worker);
  const scanning = worker
    .scan()
    .catch((error: unknown) => log.error({ error }, 'the Outboxes could not be looked through'));
  return {
    submission: createMailSubmission(services, worker),
    outbox: worker,
    lmtp,
    async close() {
      await lmtp.stop();
      await Promise.all([replies.close(), worker.close(graceMs)]);
      await scanning;
    },
  };
}

function lmtpSwitch(open: () => Promise<LmtpService>): LmtpSwitch {
  let service: LmtpService | null = null;
  return {
    async start() {
      service ??= await open();
    },
    async stop() {
      const stopping = service;
      service = null;
      await stopping?.close();
    },
    addresses: () => service?.addresses ?? null,
    connections: () => service?.connections() ?? [],
  };
}

/** A socket file has no address: it is guarded by its folder. */
function lmtpRefusal(control: OpenServices['control'], refusals: OpenServices['refusals']) {
  return (address: string, connections: number): LmtpRefusal | null => {
    const { serves, maxConnections } = control.termsOf('lmtp');
    if (serves !== null && address !== '' && !serves(address)) {
      refusals.notServed('lmtp', address);
      return 'not-served';
    }
    if (maxConnections === 0 || connections < maxConnections) return null;
    refusals.tooMany('lmtp', address);
    return 'too-many';
  };
}
