import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SyncingPhone } from '../../support/eas/syncing-phone.ts';
import type { Version } from '../phone/cast.ts';
import { given, type Steps } from '../steps.ts';
import { Hand } from './hand.ts';
import { Vdirsyncer } from './vdirsyncer.ts';

/** Types of folders (MS-ASCMD §2.2.3.186.3). */
export const TYPE = {
  ...{ inbox: 2, deleted: 4, sent: 5, tasks: 7, calendar: 8, contacts: 9, notes: 10, mail: 12 },
} as const;

/** Everyone who has to do with the mailbox that day. */
export interface Day {
  readonly steps: Steps;
  /** From the morning, over TLS, in 14.1. */
  readonly phone: SyncingPhone;
  /** From noon, in 14.1. */
  readonly tablet: SyncingPhone;
  /** From noon, in 12.1. */
  readonly old: SyncingPhone;
  /** Another person’s phone. */
  readonly other: SyncingPhone;
  readonly hand: Hand;
  readonly vdirsyncer: Vdirsyncer;
  end(): void;
}

export function beginDay(steps: Steps): Day {
  const [plain, secure] = [given('ROOT_URL'), given('SECURE_URL')];
  const me = { user: given('DAV_USER'), password: given('DAV_PASSWORD') };
  const them = { user: given('OTHER_ADDRESS'), password: given('OTHER_PASSWORD') };
  const device = (origin: string, deviceId: string, version: Version, who: typeof me) =>
    new SyncingPhone({ origin, deviceId, version, deviceType: 'Scripted', ...who });
  const folder = mkdtempSync(join(tmpdir(), 'causeway-day-'));
  const hand = new Hand();
  return {
    steps,
    phone: device(secure, 'DAYPHONE', '14.1', me),
    tablet: device(secure, 'DAYTABLET', '14.1', me),
    old: device(plain, 'DAYOLD', '12.1', me),
    other: device(secure, 'OTHERPHONE', '14.1', them),
    hand,
    vdirsyncer: new Vdirsyncer(folder, { url: `${plain}/`, ...me }),
    end() {
      hand.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
