import type { Administration } from '../admin/administration.ts';
import { type AdministrationCheck, certificateFindings } from '../admin/check.ts';
import { createAdministration } from '../admin/create-administration.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import type { RecoveryPasswords } from '../devices/recovery-passwords.ts';
import type { Recorder } from '../recorder/recorder.ts';
import type { BackendParts } from './backend.ts';
import type { Foundation } from './compose-foundation.ts';
import type { OpenMail } from './compose-mail.ts';
import { composeLiveServices } from './compose-services.ts';
import type { OpenWatch } from './compose-watch.ts';
import { WIPE_ABILITIES } from './compose-wipe.ts';
import type { OpenServices } from './services/open-services.ts';

export interface LiveAdministrationParts extends BackendParts {
  readonly authenticator: Authenticator;
  readonly recorder: Recorder;
  readonly recovery: RecoveryPasswords;
  readonly services: OpenServices;
  readonly mail: OpenMail;
  readonly disk: OpenWatch['live'];
}

/** The administration of this process: it sees what is served now, and ends it. */
export function composeAdministration(foundation: Foundation, parts: LiveAdministrationParts): Administration {
  const { opened, activity, parking, measures } = foundation;
  const { settings, clock, random, log, logs, authenticator, recorder, recovery, services, mail, disk } = parts;
  return createAdministration({
    ...{ stores: opened.stores, services: opened.services, clock, random, log },
    ...{ authenticator, recorder, recovery, activity, disk },
    outbox: mail.outbox,
    wipeAbilities: WIPE_ABILITIES,
    publicUrl: settings.publicUrl ?? null,
    checks: checks(parts),
    ...(logs && { logs }),
    live: composeLiveServices({ ...parts, services, mail, parking, measures }),
    endRequests: (mailboxId, device) => parking.endOf(mailboxId, device, () => true),
  });
}

function checks(parts: BackendParts): readonly AdministrationCheck[] {
  return [
    { area: 'configuration', run: async () => parts.configurationFindings() },
    {
      area: 'certificate',
      async run() {
        const pem = parts.certificate();
        return pem === null ? [] : certificateFindings(pem, parts.clock);
      },
    },
  ];
}
