import { BlockList } from 'node:net';
import { parseLmtpAddress } from '../config/lmtp-address.ts';
import { relayAddress } from '../config/relay-password.ts';
import { addRange } from '../config/settings-schema.ts';
import { Recent } from '../devices/recent.ts';
import type { Principal } from '../domain/principal.ts';
import { startAutoReplies } from '../mail/auto-reply/auto-replies.ts';
import { createMailSubmission } from '../mail/create-submission.ts';
import { DeliveryBell } from '../mail/delivery-bell.ts';
import { openLmtpService } from '../mail/lmtp/lmtp-service.ts';
import type { MailEvent } from '../mail/mail-log.ts';
import { createOutboxWorker, type OutboxWorker } from '../mail/outbox-worker.ts';
import { noticeQuarantine, type QuarantineNoticeParts } from '../mail/quarantine-notice.ts';
import type { MailServices } from '../mail/services.ts';
import { createSmtpRelay } from '../mail/smtp-relay.ts';
import type { MailSubmission } from '../mail/submission.ts';
import type { Device } from '../store/device-store.ts';
import type { BackendParts } from './backend.ts';
import { type LmtpSwitch, lmtpRefusal, lmtpSwitch } from './compose-lmtp.ts';
import type { OpenStores } from './compose-stores.ts';
import type { OpenServices } from './services/open-services.ts';

/** Everything that moves mail, and is open. */
export interface OpenMail {
  readonly submission: MailSubmission;
  readonly outbox: Pick<OutboxWorker, 'scan'>;
  readonly lmtp: LmtpSwitch;
  /** Tells a user by mail that a device waits in quarantine. */
  readonly noticeQuarantine: (principal: Principal, device: Device) => Promise<void>;
  /** LMTP first, so that nothing new comes; then what is being sent. */
  close(): Promise<void>;
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
    noticeQuarantine: quarantineNotices({ ...services, publicUrl: settings.publicUrl ?? null }),
    async close() {
      await lmtp.stop();
      await Promise.all([replies.close(), worker.close(graceMs)]);
      await scanning;
    },
  };
}

const MOST_TOLD = 10_000;

/** Quarantined devices ask again and again: whoever was told in this run is not looked up each time. */
function quarantineNotices(parts: QuarantineNoticeParts): OpenMail['noticeQuarantine'] {
  const told = new Recent<number>(MOST_TOLD);
  return async (principal, device) => {
    const key = `${principal.mailboxId} ${device.id} ${device.firstSeenAt}`;
    if (told.get(key) !== undefined) return;
    await noticeQuarantine(parts, principal, device);
    told.set(key, parts.clock.now());
  };
}
