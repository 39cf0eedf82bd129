import type { Parking, WaitingRequest } from '../../protocols/activesync/http/parking.ts';
import type { LiveConnection } from '../admin/calls/services.ts';
import type { FolderInUse, LiveServices } from '../admin/live-services.ts';
import type { Settings } from '../config/settings-schema.ts';
import { GatewayError } from '../domain/errors.ts';
import type { LmtpConnection } from '../mail/lmtp/lmtp-service.ts';
import type { BackendParts } from './backend.ts';
import type { OpenMail } from './compose-mail.ts';
import type { GatewayMeasures } from './gateway-measures.ts';
import type { OpenServices } from './services/open-services.ts';

export interface LiveServiceParts {
  readonly services: OpenServices;
  readonly settings: Settings;
  readonly listening: BackendParts['listening'];
  readonly mail: Pick<OpenMail, 'lmtp'>;
  readonly parking: Parking;
  readonly measures: GatewayMeasures;
}

/** What the administration sees of the services of this process, and starts and stops. */
export function composeLiveServices(parts: LiveServiceParts): LiveServices {
  const { services, settings, listening, mail, parking, measures } = parts;
  const { control } = services;
  control.onChange('lmtp', { start: () => startLmtp(mail.lmtp), stop: () => mail.lmtp.stop() });
  // What waits is answered, and its next request is told that the service is stopped.
  control.onChange('activesync', {
    start: async () => undefined,
    stop: async () => parking.endPresent(),
    narrow: (serves) => parking.endPresent((address) => !serves(address)),
  });
  return services.live({
    measures,
    parked: () => parking.size,
    waitedFor: ({ user, most }) => parking.newest(user, most).flatMap(foldersOf),
    addressesOf(name) {
      return name === 'lmtp' ? (mail.lmtp.addresses() ?? settings.lmtp.listen) : listening();
    },
    others: () => mail.lmtp.connections().map(lmtpConnection),
  });
}

/** @throws GatewayError 'store-unavailable' */
async function startLmtp(lmtp: OpenMail['lmtp']): Promise<void> {
  try {
    await lmtp.start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new GatewayError('store-unavailable', { reason }, `The service lmtp is not started: ${reason}.`);
  }
}

function foldersOf({ entry, by, at }: WaitingRequest): readonly FolderInUse[] {
  const { mailboxId, device } = entry;
  const common = {
    mailboxId,
    device,
    user: by.user,
    protocol: by.protocol,
    from: by.address ?? '',
    at,
    isWatched: true,
  };
  return [...new Set(entry.folderIds)].map((folderId) => ({ ...common, folderId }));
}

function lmtpConnection({ id, name, address, since, command }: LmtpConnection): LiveConnection {
  return {
    ...{ id: `lmtp ${id}`, service: 'lmtp', protocol: 'lmtp', user: null, device: null, agent: name },
    ...{ isSecure: false, from: address, since, doing: command, isWaiting: false, doingSince: since },
  };
}
