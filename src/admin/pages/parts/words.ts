import type { DeviceConflictRule } from '../../../store/device-store.ts';
import type { QuarantineEntry } from '../../calls/quarantine.ts';

export const CONFLICT_RULE_WORDS: Readonly<Record<DeviceConflictRule, string>> = {
  'server-wins': 'The server wins',
  'client-wins': 'The device wins',
  'keep-both': 'Both are kept',
  merge: 'They are merged',
};

export const QUARANTINE_WORDS: Readonly<Record<QuarantineEntry['reason'], string>> = {
  refused: 'It cannot be shown on this device',
  failed: 'Showing it failed; the error log has the reason',
  repeats: 'The device kept repeating its request over it',
};
